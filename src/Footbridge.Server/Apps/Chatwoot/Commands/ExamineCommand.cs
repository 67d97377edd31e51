using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Apps.Chatwoot.Commands;

/// <summary>Has the doctor look at the app and writes down what was found, for agents alone: what is broken first, with its repair.</summary>
internal sealed class ExamineCommand(IDoctorGate doctor)
{
    /// <summary>The states that are told, in this order.</summary>
    private static readonly (string State, string Key)[] Told = [("failed", Key.DoctorFailed), ("warning", Key.DoctorWarning), ("ok", Key.DoctorOk)];

    /// <summary>Runs <c>doctor</c>.</summary>
    public async Task RunAsync(CommandCall call, CancellationToken ct)
    {
        var report = await doctor.ExamineAsync(call.Data.App, fixes: false, ct);
        var words = call.Context.Words;
        var checks = report["checks"]!.AsArray().OfType<JsonObject>().ToList();
        var lines = Told.SelectMany(told => checks.Where(check => check["state"]!.ToString() == told.State).Select(check => words.Say(told.Key, Model(check))));
        await call.NoteAsync(string.Join('\n', [words.Say(Key.DoctorTitle), words.Say(Key.DoctorSummary, report["summary"]), "", .. lines]), ct);
    }

    private static JsonObject Model(JsonObject check) => new() { ["check"] = check["label"]!.ToString(), ["found"] = check["found"]!.ToString(), ["repair"] = check["repair"]?.ToString() };
}
