using Footbridge.Engine.AppState;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;
using Footbridge.Server.Storage.Archive;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>The archive and the sessions of this process.</summary>
internal sealed class LocalHistoryGate(HistoryReader reader, HistoryArrivals arrivals, SessionRegistry sessions, MediaLinks links) : IHistoryGate
{
    /// <summary>How many messages phones give at a time, by custom.</summary>
    private const int Portion = 50;

    /// <summary>Below a worker's patience with one call.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public ValueTask<IReadOnlyList<string>> ChatsAsync(string session, ChatKinds kinds, HistoryWindow? window, CancellationToken ct) =>
        new([.. reader.Chats(session, window).Where(chat => kinds.HasFlag(KindOf(chat))).Select(chat => chat.ToString())]);

    public ValueTask<string?> FindChatAsync(string session, Jid chat, CancellationToken ct) => new(reader.FindChat(session, chat)?.ToString());

    public ValueTask<IReadOnlyList<HistoryMessage>> MessagesAsync(string session, string chat, HistoryWindow window, (long At, long Row) after, int limit, CancellationToken ct) =>
        new([.. reader.Messages(session, Jid.Parse(chat), window, after, limit).Select(found => new HistoryMessage(EventOf(session, found.Message), found.Message.Message.Time.ToUnixTimeSeconds(), found.Row))]);

    public ValueTask<IReadOnlyList<HistoryContact>> ContactsAsync(string session, bool groups, long after, int limit, CancellationToken ct) =>
        new(groups ? reader.Groups(session, after, limit) : reader.People(session, after, limit));

    public async Task<bool> FetchOlderAsync(string session, string chat, long from, CancellationToken ct)
    {
        var live = await sessions.WaitWorkingAsync(session, ct);
        var jid = Jid.Parse(chat);
        if (reader.Oldest(session, jid) is not { } oldest || oldest.Message.Time.ToUnixTimeSeconds() <= from) return false;
        var arrived = arrivals.NextAsync(session, jid, Patience, ct);
        var last = oldest.Message;
        await live.Client.History.FetchOlderAsync(jid, new LastMessage(last.MessageId, last.IsFromMe, last.Sender.Address, last.Time), Portion, ct);
        await arrived;
        return reader.Oldest(session, jid)?.Message.MessageId != last.MessageId;
    }

    public async Task<string?> FindPictureAsync(string session, Jid owner, CancellationToken ct)
    {
        var live = await sessions.WaitWorkingAsync(session, ct);
        return (await live.Client.Contacts.Pictures.FindAsync(owner, isPreview: false, false, ct))?.Url.ToString();
    }

    private PublicEvent EventOf(string session, ArchivedMessage archived)
    {
        var message = archived.Message;
        var payload = MessagePayloads.Of(message, links.Describe(session, message));
        return new(WahaIds.Derive("evt_", $"{session}|history|{message.Id}"), message.Time.ToUnixTimeMilliseconds(), PublicEvent.MessageAny, session, null, payload)
        {
            ChatPhone = message.Chat.Phone?.ToString(),
            ChatLid = message.Chat.Lid?.ToString(),
        };
    }

    private static ChatKinds KindOf(Jid chat) => chat switch
    {
        { IsUser: true } => ChatKinds.Direct,
        { IsGroup: true } => ChatKinds.Groups,
        { Server: JidServer.Newsletter } => ChatKinds.Channels,
        { Server: JidServer.Broadcast, User: "status" } => ChatKinds.StatusPosts,
        { Server: JidServer.Broadcast } => ChatKinds.BroadcastLists,
        _ => ChatKinds.None,
    };
}
