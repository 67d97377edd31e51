using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;

namespace Footbridge.Server.Workers.Calls;

/// <summary>People on WhatsApp: the counterpart of <see cref="RemotePeopleGate"/>.</summary>
internal sealed class PeopleCalls(IPeopleGate people) : IWorkerCallSet
{
    public void AddTo(WorkerCallTable table)
    {
        table.Add("people.find", async (a, ct) => (await people.FindAccountAsync(a.Text(0), a.Text(1), ct))?.ToString());
        table.Add("people.name", async (a, ct) => await people.FindNameAsync(a.Text(0), Jid.Parse(a.Text(1)), ct));
    }
}
