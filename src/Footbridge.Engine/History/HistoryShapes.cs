using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.History;

/// <summary>Makes events' shapes of what the phone sent. Inside the loop.</summary>
internal sealed class HistoryShapes(AccountContext context)
{
    /// <summary>A chat without its messages; null when its address is none.</summary>
    public async ValueTask<HistoryChat?> ChatAsync(Conversation chat, CancellationToken ct)
    {
        if (!Jid.TryParse(chat.Id, out var jid) || jid.User.Length == 0) return null;
        var name = chat.HasName && chat.Name.Length > 0 ? chat.Name : chat.HasDisplayName && chat.DisplayName.Length > 0 ? chat.DisplayName : null;
        return new(
            await Parties.OfAsync(context.State, jid, ct), name, chat.MarkedAsUnread && chat.UnreadCount == 0 ? 1 : chat.UnreadCount, chat.Archived, chat.Pinned > 0,
            MutedUntil(chat.MuteEndTime), chat.EphemeralExpiration, Seconds(chat.HasLastMsgTimestamp ? chat.LastMsgTimestamp : chat.ConversationTimestamp), []);
    }

    /// <summary>A message; null for notices without content and for what only devices need.</summary>
    public async ValueTask<HistoryMessage?> MessageAsync(WebMessageInfo message, Jid chat, CancellationToken ct)
    {
        if (message is not { Key: { Id: { Length: > 0 } id } key, Message: { } container } || Seconds(message.MessageTimestamp) is not { } time) return null;
        var content = MessageContent.Unwrap(container.DeviceSentMessage?.Message ?? container);
        if (MessageContent.IsOnlyForDevices(content)) return null;
        if (message.HasMessageSecret && content.MessageContextInfo is not { HasMessageSecret: true })
        {
            content.MessageContextInfo ??= new();
            content.MessageContextInfo.MessageSecret = message.MessageSecret;
        }

        var sender = key.FromMe ? context.Link.Me.Phone : SenderOf(message, chat);
        return new(
            id, await Parties.OfAsync(context.State, sender, ct), key.FromMe, time, message.HasPushName && message.PushName.Length > 0 ? message.PushName : null, content,
            message.HasStatus ? (AckLevel)((int)message.Status - 1) : null);
    }

    /// <summary>A person's own name; null when there is none, or no such person.</summary>
    public async ValueTask<HistoryName?> NameAsync(Pushname name, CancellationToken ct) =>
        name.Pushname_.Length > 0 && Jid.TryParse(name.Id, out var jid) && jid.IsUser ? new(await Parties.OfAsync(context.State, jid, ct), name.Pushname_) : null;

    private static Jid SenderOf(WebMessageInfo message, Jid chat) =>
        Jid.TryParse(message.HasParticipant ? message.Participant : message.Key.Participant, out var participant) && participant.IsUser ? participant : chat;

    private static DateTimeOffset? Seconds(ulong seconds) => seconds is > 0 and <= uint.MaxValue ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : null;

    /// <summary>Phones write seconds here, or milliseconds, or the greatest number for "for ever".</summary>
    private DateTimeOffset? MutedUntil(ulong end)
    {
        const ulong LastSecond = 99_999_999_999;
        if (end == 0) return null;
        var until = end <= LastSecond ? DateTimeOffset.FromUnixTimeSeconds((long)end)
            : end < (ulong)DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds((long)end)
            : DateTimeOffset.MaxValue;
        return until > context.Time.GetUtcNow() ? until : null;
    }
}
