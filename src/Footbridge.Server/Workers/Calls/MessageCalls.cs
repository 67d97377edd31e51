using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;

namespace Footbridge.Server.Workers.Calls;

/// <summary>What is sent: the counterpart of <see cref="RemoteMessageGate"/>.</summary>
internal sealed class MessageCalls(IMessageGate messages) : IWorkerCallSet
{
    public void AddTo(WorkerCallTable table)
    {
        table.Add("message.send", (a, ct) => messages.SendTextAsync(a.Text(0), Outgoing(a.Read(1, WorkerJson.Default.OutgoingCall)), ct));
        table.Add("message.read", (a, ct) => messages.MarkReadAsync(a.Text(0), Jid.Parse(a.Text(1)), a.Read(2, WorkerJson.Default.ListString), ct));
    }

    private static OutgoingText Outgoing(OutgoingCall call) => new(
        call.Id, Jid.Parse(call.To), call.Text, call is { QuotedId: { } id, QuotedAuthor: { } author } ? new(id, Jid.Parse(author), null) : null);
}
