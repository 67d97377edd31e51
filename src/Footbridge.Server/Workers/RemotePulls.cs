using System.Text.Json;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;

namespace Footbridge.Server.Workers;

/// <summary>Imports and the past, over HTTP.</summary>
internal sealed class RemotePulls(WorkerClient api) : IPullState, IHistoryGate
{
    public async ValueTask<PullRow?> FindAsync(string app, string kind, CancellationToken ct) => await api.AskAsync("pull", [app, kind], WorkerJson.Default.PullRow, ct);

    public Task<bool> BeginAsync(string app, string kind, PullRow row, CancellationToken ct) =>
        api.AskAsync("pull.begin", [app, kind, JsonSerializer.SerializeToNode(row, WorkerJson.Default.PullRow)], WorkerJson.Default.Boolean, ct);

    public Task<bool> SaveAsync(string app, string kind, string id, PullChange change, CancellationToken ct) =>
        api.AskAsync("pull.save", [app, kind, id, JsonSerializer.SerializeToNode(change, WorkerJson.Default.PullChange)], WorkerJson.Default.Boolean, ct);

    public async ValueTask<IReadOnlyList<string>> ChatsAsync(string session, ChatKinds kinds, HistoryWindow? window, CancellationToken ct) =>
        await api.AskAsync("history.chats", [session, (long)kinds, window?.From, window?.To], WorkerJson.Default.ListString, ct) ?? [];

    public async ValueTask<string?> FindChatAsync(string session, Jid chat, CancellationToken ct) =>
        await api.AskAsync("history.chat", [session, chat.ToString()], WorkerJson.Default.String, ct);

    public async ValueTask<IReadOnlyList<HistoryMessage>> MessagesAsync(string session, string chat, HistoryWindow window, (long At, long Row) after, int limit, CancellationToken ct) =>
        await api.AskAsync("history.messages", [session, chat, window.From, window.To, after.At, after.Row, limit], WorkerJson.Default.ListHistoryMessage, ct) ?? [];

    public async ValueTask<IReadOnlyList<HistoryContact>> ContactsAsync(string session, bool unlisted, long after, int limit, CancellationToken ct) =>
        await api.AskAsync("history.contacts", [session, unlisted, after, limit], WorkerJson.Default.ListHistoryContact, ct) ?? [];

    public Task<bool> FetchOlderAsync(string session, string chat, long from, CancellationToken ct) =>
        api.AskAsync("history.older", [session, chat, from], WorkerJson.Default.Boolean, ct);

    public Task<string?> FindPictureAsync(string session, Jid owner, CancellationToken ct) =>
        api.AskAsync("history.picture", [session, owner.ToString()], WorkerJson.Default.String, ct);
}
