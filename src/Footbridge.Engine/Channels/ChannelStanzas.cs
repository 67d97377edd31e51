using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Channels;

/// <summary>Stanzas about channels. Source: docs/protocol/channels.md.</summary>
internal static class ChannelStanzas
{
    /// <summary>Accepting the terms that making a channel needs.</summary>
    public static Node AcceptTerms(string notice) =>
        Iq.Set("tos", Node.Of("notice", [("id", notice), ("stage", 5)]));

    /// <param name="type"><c>jid</c> or <c>invite</c>.</param>
    /// <param name="before">A server id: only older messages; null for the newest.</param>
    public static Node GetMessages(string type, string key, int count, long? before) => Iq.Get("newsletter",
        Node.Of("messages", [("type", type), (type == "jid" ? "jid" : "key", key), ("count", count), ("before", before)]));

    /// <summary>Asks to be told, for a while, how often messages are seen and reacted to.</summary>
    public static Node Watch(Jid channel) => Iq.To(channel, "set", "newsletter", Node.Of("live_updates"));

    public static Node Viewed(Jid channel, string id, IReadOnlyList<long> serverIds) => Node.Of("receipt", [("id", id), ("to", channel), ("type", "view")],
        Node.Of("list", [.. serverIds.Select(serverId => Node.Of("item", [("server_id", serverId)]))]));

    /// <summary>A new message, in clear.</summary>
    /// <param name="mediaHandle">From the media host, for messages with a file.</param>
    public static Node Post(Jid channel, string id, MessageTraits traits, byte[] content, string? mediaHandle) => Node.Of("message",
        [("to", channel), ("id", id), ("type", traits.Type), ("media_id", mediaHandle)],
        [Node.OfBytes("plaintext", [("mediatype", traits.MediaType)], content), traits.Meta]);

    /// <summary>New content for a message, under that message's id.</summary>
    public static Node Edit(Jid channel, string id, MessageTraits traits, byte[] content) => Node.Of("message",
        [("to", channel), ("id", id), ("type", traits.Type), ("edit", 3)], Node.OfBytes("plaintext", [("mediatype", traits.MediaType)], content));

    /// <summary>Takes a message back, under that message's id.</summary>
    public static Node Delete(Jid channel, string id) => Node.Of("message", [("to", channel), ("id", id), ("type", "text"), ("edit", 8)], Node.OfBytes("plaintext", []));

    /// <param name="emoji">Empty takes the reaction back.</param>
    public static Node Reaction(Jid channel, string id, long serverId, string emoji) => Node.Of("message",
        [("to", channel), ("id", id), ("type", "reaction"), ("server_id", serverId), ("edit", emoji.Length == 0 ? "7" : null)],
        Node.Of("reaction", [("code", emoji.Length == 0 ? null : emoji)]));
}
