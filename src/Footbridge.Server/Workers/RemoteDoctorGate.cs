using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot.State;

namespace Footbridge.Server.Workers;

/// <summary>The doctor, over HTTP.</summary>
internal sealed class RemoteDoctorGate(WorkerClient api) : IDoctorGate
{
    public async Task<string> LookForDriftAsync(string app, CancellationToken ct) => await api.AskAsync("doctor.drift", [app], WorkerJson.Default.String, ct) ?? "";

    public async Task<JsonObject> ExamineAsync(string app, bool fixes, CancellationToken ct) => await api.AskAsync("doctor.examine", [app, fixes ? 1 : 0], WorkerJson.Default.JsonObject, ct) ?? [];
}
