using System.Text.Json;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Telemetry;

namespace Footbridge.Server.Workers;

/// <summary>Sessions over HTTP.</summary>
internal sealed class RemoteSessionGate(WorkerClient api) : ISessionGate
{
    public async ValueTask<SessionView?> FindAsync(string session, CancellationToken ct) => await api.AskAsync("session", [session], WorkerJson.Default.SessionView, ct);

    public Task<bool> WaitAsync(string session, string status, TimeSpan patience, CancellationToken ct) =>
        api.AskAsync("session.wait", [session, status, (long)patience.TotalMilliseconds], WorkerJson.Default.Boolean, ct);

    public async Task SendTextAsync(string session, OutgoingText text, CancellationToken ct)
    {
        using var span = Traces.Send(text.Id);
        var call = new OutgoingCall(text.Id, text.To.ToString(), text.Text, text.Quote?.Id, text.Quote?.Author.ToString());
        await api.TellAsync("session.send", [session, JsonSerializer.SerializeToNode(call, WorkerJson.Default.OutgoingCall)], ct);
    }

    public Task MarkReadAsync(string session, Jid chat, IReadOnlyList<string> messageIds, CancellationToken ct) =>
        api.TellAsync("session.read", [session, chat.ToString(), JsonSerializer.SerializeToNode([.. messageIds], WorkerJson.Default.ListString)], ct);

    public async Task<Jid?> FindAccountAsync(string session, string phoneDigits, CancellationToken ct) =>
        Jid.TryParse(await api.AskAsync("session.find", [session, phoneDigits], WorkerJson.Default.String, ct), out var jid) ? jid : null;

    public Task RestartAsync(string session, CancellationToken ct) => api.TellAsync("session.restart", [session], ct);

    public Task StopAsync(string session, CancellationToken ct) => api.TellAsync("session.stop", [session], ct);

    public Task LogoutAsync(string session, CancellationToken ct) => api.TellAsync("session.logout", [session], ct);
}
