using System.Globalization;
using Footbridge.Engine.Events;
using Footbridge.Protocol;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Messages;

/// <summary>Where a message stanza comes from. Source: docs/protocol/messages.md.</summary>
/// <param name="Device">The sending device as the stanza has it.</param>
/// <param name="ChatTwin">The chat's other address, when the stanza tells it.</param>
/// <param name="SenderTwin">The sender's other address, when the stanza tells it.</param>
internal sealed record MessageSource(
    string Id, Jid Device, Jid Chat, Jid? ChatTwin, Jid Sender, Jid? SenderTwin, bool IsFromMe, DateTimeOffset Time, string? PushName, bool IsOffline, bool IsPeer)
{
    /// <summary>The key that a second arrival of the same message has too.</summary>
    public string DedupeKey => $"{Id}|{Sender.User}";

    public string EventId => $"message:{DedupeKey}";

    /// <exception cref="ProtocolException">The stanza names no id, sender or time.</exception>
    public static MessageSource Parse(Node stanza, Account me)
    {
        var from = stanza.RequiredJid("from");
        var sender = stanza.JidOf("participant") ?? from;
        var isFromMe = me.Is(sender);
        var isDirect = from.IsUser;
        var chat = isDirect && isFromMe ? stanza.JidOf("recipient") ?? from : from;
        var chatTwin = !isDirect ? null
            : isFromMe ? stanza.JidOf("peer_recipient_pn") ?? stanza.JidOf("peer_recipient_lid")
            : stanza.JidOf("sender_pn") ?? stanza.JidOf("sender_lid");
        var senderTwin = isDirect ? (isFromMe ? null : chatTwin) : stanza.JidOf("participant_pn") ?? stanza.JidOf("participant_lid");
        return new(
            stanza.Required("id"), sender, chat.ToUser(), chatTwin?.ToUser(), sender.ToUser(), senderTwin?.ToUser(), isFromMe,
            DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(stanza.LongOf("t") ?? 0, 0, uint.MaxValue)),
            stanza["notify"], stanza["offline"] is not null, stanza["category"] == "peer");
    }

    public static Party PartyOf(Jid address, Jid? twin)
    {
        var (phone, lid) = address.IsLid ? (twin, (Jid?)address) : address.IsPhone ? ((Jid?)address, twin) : (null, null);
        return new(address, phone, lid);
    }
}
