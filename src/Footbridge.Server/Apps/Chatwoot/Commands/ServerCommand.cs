using System.Text.Encodings.Web;
using System.Text.Json;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Apps.Chatwoot.Commands;

/// <summary>Tells of the server, and has it stopped so that whoever looks after it starts it again.</summary>
internal sealed class ServerCommand(IServerGate server)
{
    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Runs <c>server status|reboot</c>.</summary>
    public async Task RunAsync(CommandCall call, CancellationToken ct)
    {
        var action = call.Request.Text(CommandTree.ServerAction);
        if (!call.Context.Config.AllowsServerCommands) await call.AnswerAsync(Key.CliCmdDisabled, new { command = action is null ? "server" : $"server {action}", prefix = call.Prefix }, ct);
        else if (action is null) await call.AnswerAsync(new HelpText(call.Context.Words, call.Context.Config, call.Prefix).Of(call.Request.Command), ct);
        else if (action == CommandTree.Status) await TellStatusAsync(call, ct);
        else await RebootAsync(call, ct);
    }

    private async Task TellStatusAsync(CommandCall call, CancellationToken ct)
    {
        var view = await server.DescribeAsync(ct);
        await call.AnswerAsync(Key.AppServerVersionAndStatus, new { version = view.Version.ToJsonString(Pretty), status = view.Status.ToJsonString(Pretty) }, ct);
    }

    private async Task RebootAsync(CommandCall call, CancellationToken ct)
    {
        var isForced = call.Request.Has(CommandTree.Force);
        await call.AnswerAsync(isForced ? Key.AppServerRebootForce : Key.AppServerReboot, null, ct);
        // A job that runs again was most likely cut off by the very stop it had asked for, which must not be asked for ever after.
        if (call.Job.Runs == 1) await server.StopAsync(isForced, ct);
    }
}
