using System.Text.Json;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Telemetry;

namespace Footbridge.Server.Workers;

/// <summary>Sends over HTTP.</summary>
internal sealed class RemoteMessageGate(WorkerClient api) : IMessageGate
{
    public async Task SendAsync(string session, SendCall call, CancellationToken ct)
    {
        using var span = Traces.Send(call.Id);
        await api.TellAsync("message.send", [session, JsonSerializer.SerializeToNode(call, WorkerJson.Default.SendCall)], ct);
    }

    public Task MarkReadAsync(string session, Jid chat, IReadOnlyList<string> messageIds, CancellationToken ct) =>
        api.TellAsync("message.read", [session, chat.ToString(), JsonSerializer.SerializeToNode([.. messageIds], WorkerJson.Default.ListString)], ct);

    public Task ShowTypingAsync(string session, Jid chat, bool isTyping, CancellationToken ct) => api.TellAsync("message.typing", [session, chat.ToString(), isTyping], ct);
}
