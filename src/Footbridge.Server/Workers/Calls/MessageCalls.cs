using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;

namespace Footbridge.Server.Workers.Calls;

/// <summary>What is sent: the counterpart of <see cref="RemoteMessageGate"/>.</summary>
internal sealed class MessageCalls(IMessageGate messages) : IWorkerCallSet
{
    public void AddTo(WorkerCallTable table)
    {
        table.Add("message.send", (a, ct) => messages.SendAsync(a.Text(0), a.Read(1, WorkerJson.Default.SendCall), ct));
        table.Add("message.read", (a, ct) => messages.MarkReadAsync(a.Text(0), Jid.Parse(a.Text(1)), a.Read(2, WorkerJson.Default.ListString), ct));
        table.Add("message.typing", (a, ct) => messages.ShowTypingAsync(a.Text(0), Jid.Parse(a.Text(1)), a.Flag(2), ct));
    }
}
