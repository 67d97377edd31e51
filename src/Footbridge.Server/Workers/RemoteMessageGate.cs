using System.Text.Json;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Telemetry;

namespace Footbridge.Server.Workers;

/// <summary>Sends over HTTP.</summary>
internal sealed class RemoteMessageGate(WorkerClient api) : IMessageGate
{
    public async Task SendTextAsync(string session, OutgoingText text, CancellationToken ct)
    {
        using var span = Traces.Send(text.Id);
        var call = new OutgoingCall(text.Id, text.To.ToString(), text.Text, text.Quote?.Id, text.Quote?.Author.ToString());
        await api.TellAsync("message.send", [session, JsonSerializer.SerializeToNode(call, WorkerJson.Default.OutgoingCall)], ct);
    }

    public Task MarkReadAsync(string session, Jid chat, IReadOnlyList<string> messageIds, CancellationToken ct) =>
        api.TellAsync("message.read", [session, chat.ToString(), JsonSerializer.SerializeToNode([.. messageIds], WorkerJson.Default.ListString)], ct);
}
