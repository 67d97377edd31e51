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

    public async ValueTask<IReadOnlyList<string>> ChatsAsync(string session, ChatKinds kinds, HistoryWindow? window, CancellationToken ct)
    {
        var keys = new List<string>();
        foreach (var chat in reader.Chats(session, window).Where(chat => kinds.HasFlag(KindOf(chat)))) keys.Add(await KeyOfAsync(session, chat, ct));
        return [.. keys.Distinct()];
    }

    public async ValueTask<string?> FindChatAsync(string session, Jid chat, CancellationToken ct)
    {
        var found = reader.FindChat(session, chat);
        if (found is null && await TwinOfAsync(session, chat, ct) is { } twin) found = reader.FindChat(session, twin);
        return found is { } known ? await KeyOfAsync(session, known, ct) : null;
    }

    public async ValueTask<IReadOnlyList<HistoryMessage>> MessagesAsync(string session, string chat, HistoryWindow window, (long At, long Row) after, int limit, CancellationToken ct)
    {
        var (jid, twin) = (Jid.Parse(chat), await TwinOfAsync(session, Jid.Parse(chat), ct));
        var known = reader.FindChat(session, jid) is not null || twin is null ? jid : twin.Value;
        var (phone, lid) = (new[] { jid, twin }.FirstOrDefault(one => one is { IsPhone: true }), new[] { jid, twin }.FirstOrDefault(one => one is { IsLid: true }));
        return [.. reader.Messages(session, known, window, after, limit).Select(found => new HistoryMessage(EventOf(session, found.Message, phone, lid), found.Message.Message.Time.ToUnixTimeSeconds(), found.Row))];
    }

    public async ValueTask<IReadOnlyList<HistoryContact>> ContactsAsync(string session, bool unlisted, long after, int limit, CancellationToken ct)
    {
        var page = unlisted ? reader.Unlisted(session, after, limit) : reader.People(session, after, limit);
        var known = new List<HistoryContact>(page.Count);
        foreach (var person in page) known.Add(await WithTwinAsync(session, person, ct));
        return known;
    }

    private async ValueTask<HistoryContact> WithTwinAsync(string session, HistoryContact person, CancellationToken ct) => person switch
    {
        { Phone: { } phone, Lid: null } => person with { Lid = (await TwinOfAsync(session, Jid.Parse(phone), ct))?.ToString() },
        { Phone: null, Lid: { } lid } => person with { Phone = (await TwinOfAsync(session, Jid.Parse(lid), ct))?.ToString() },
        _ => person,
    };

    public async Task<bool> FetchOlderAsync(string session, string chat, long from, CancellationToken ct)
    {
        var live = await sessions.WaitWorkingAsync(session, ct);
        var asked = Jid.Parse(chat);
        var jid = reader.FindChat(session, asked) is null && await live.FindTwinAsync(asked, ct) is { } twin ? twin : asked;
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

    /// <summary>As lanes have it. The archive may have heard of one of a person's addresses only, where the session knows both.</summary>
    private async ValueTask<string> KeyOfAsync(string session, Jid chat, CancellationToken ct) =>
        (chat.IsPhone && await TwinOfAsync(session, chat, ct) is { } lid ? lid : chat).ToString();

    private async ValueTask<Jid?> TwinOfAsync(string session, Jid chat, CancellationToken ct) =>
        chat.IsUser && sessions.Find(session) is { } live ? await live.FindTwinAsync(chat, ct) : null;

    private PublicEvent EventOf(string session, ArchivedMessage archived, Jid? phone, Jid? lid)
    {
        var message = archived.Message;
        var payload = MessagePayloads.Of(message, links.Describe(session, message));
        return new(WahaIds.Derive("evt_", $"{session}|history|{message.Id}"), message.Time.ToUnixTimeMilliseconds(), PublicEvent.MessageAny, session, null, payload)
        {
            ChatPhone = (message.Chat.Phone ?? phone)?.ToString(),
            ChatLid = (message.Chat.Lid ?? lid)?.ToString(),
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
