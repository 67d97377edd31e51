using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;
using static Footbridge.Server.Workers.WorkerCallTable;

namespace Footbridge.Server.Workers.Calls;

/// <summary>People on WhatsApp: the counterpart of <see cref="RemotePeopleGate"/>.</summary>
internal sealed class PeopleCalls(IPeopleGate people) : IWorkerCallSet
{
    public void AddTo(WorkerCallTable table)
    {
        table.Add("people.find", async (a, ct) => (await people.FindAccountAsync(a.Text(0), a.Text(1), ct))?.ToString());
        table.Add("people.name", async (a, ct) => await people.FindNameAsync(a.Text(0), Jid.Parse(a.Text(1)), ct));
        table.Add("people.saved", async (a, ct) => await people.FindSavedNameAsync(a.Text(0), Jid.Parse(a.Text(1)), ct));
        table.Add("people.addresses", async (a, ct) => Node([.. (await people.FindAddressesAsync(a.Text(0), Jid.Parse(a.Text(1)), ct)).Select(jid => jid.ToString())], WorkerJson.Default.ListString));
        table.Add("people.picture", async (a, ct) => Node(await people.FindPictureAsync(a.Text(0), Jid.Parse(a.Text(1)), a.TextOrNull(2), ct), WorkerJson.Default.PictureFile));
        table.Add("people.count", async (a, ct) => await people.CountMembersAsync(a.Text(0), Jid.Parse(a.Text(1)), ct));
        table.Add("people.chat", async (a, ct) => await people.FindChatNameAsync(a.Text(0), Jid.Parse(a.Text(1)), ct));
    }
}
