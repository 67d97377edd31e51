using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot.Setup.Doctoring;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>The doctor as jobs reach it: what it looks at is where the database and the sessions are.</summary>
internal interface IDoctorGate
{
    /// <summary>One round of the checks of what may change in Chatwoot; says what was found.</summary>
    Task<string> LookForDriftAsync(string app, CancellationToken ct);

    /// <summary>A whole examination, as the API shows it.</summary>
    /// <param name="fixes">Puts right what can be.</param>
    Task<JsonObject> ExamineAsync(string app, bool fixes, CancellationToken ct);
}

/// <summary>The doctor in the same process.</summary>
internal sealed class LocalDoctorGate(Doctor doctor, DriftWatch drift) : IDoctorGate
{
    public Task<string> LookForDriftAsync(string app, CancellationToken ct) => drift.RoundAsync(app, ct);

    public async Task<JsonObject> ExamineAsync(string app, bool fixes, CancellationToken ct)
    {
        var report = await doctor.ExamineAsync(app, fixes ? Repairs.All : Repairs.None, ct);
        drift.Keep(report);
        return report.ToJson();
    }
}
