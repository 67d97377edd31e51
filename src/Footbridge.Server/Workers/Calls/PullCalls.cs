using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;
using static Footbridge.Server.Workers.WorkerCallTable;

namespace Footbridge.Server.Workers.Calls;

/// <summary>Imports and the past: the counterpart of <see cref="RemotePulls"/>.</summary>
internal sealed class PullCalls(IPullState pulls, IHistoryGate history) : IWorkerCallSet
{
    public void AddTo(WorkerCallTable table)
    {
        table.Add("pull", async (a, ct) => Node(await pulls.FindAsync(a.Text(0), a.Text(1), ct), WorkerJson.Default.PullRow));
        table.Add("pull.begin", async (a, ct) => await pulls.BeginAsync(a.Text(0), a.Text(1), a.Read(2, WorkerJson.Default.PullRow), ct));
        table.Add("pull.save", async (a, ct) => await pulls.SaveAsync(a.Text(0), a.Text(1), a.Text(2), a.Read(3, WorkerJson.Default.PullChange), ct));
        table.Add("history.chats", async (a, ct) => Node([.. await history.ChatsAsync(a.Text(0), (ChatKinds)a.Number(1), WindowOf(a), ct)], WorkerJson.Default.ListString));
        table.Add("history.chat", async (a, ct) => await history.FindChatAsync(a.Text(0), Jid.Parse(a.Text(1)), ct));
        table.Add("history.messages", async (a, ct) =>
            Node([.. await history.MessagesAsync(a.Text(0), a.Text(1), new(a.Number(2), a.Number(3)), (a.Number(4), a.Number(5)), (int)a.Number(6), ct)], WorkerJson.Default.ListHistoryMessage));
        table.Add("history.contacts", async (a, ct) => Node([.. await history.ContactsAsync(a.Text(0), a.Flag(1), a.Number(2), (int)a.Number(3), ct)], WorkerJson.Default.ListHistoryContact));
        table.Add("history.older", async (a, ct) => await history.FetchOlderAsync(a.Text(0), a.Text(1), a.Number(2), ct));
        table.Add("history.picture", async (a, ct) => await history.FindPictureAsync(a.Text(0), Jid.Parse(a.Text(1)), ct));
    }

    private static HistoryWindow? WindowOf(WorkerArguments a) => a.NumberOrNull(2) is { } from && a.NumberOrNull(3) is { } to ? new(from, to) : null;
}
