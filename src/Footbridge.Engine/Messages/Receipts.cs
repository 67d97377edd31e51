using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Messages;

/// <summary>Receipts we send. Source: docs/protocol/receipts.md.</summary>
internal static class Receipts
{
    /// <summary>The receipt of a message that was taken in, durably.</summary>
    public static Node For(Node stanza, MessageSource source)
    {
        var type = source.IsPeer ? "peer_msg" : source.IsFromMe ? "sender" : "inactive";
        return Node.Of("receipt", [
            ("id", source.Id), ("to", stanza["from"]), ("type", type), ("participant", stanza["participant"]), ("recipient", source.IsFromMe ? stanza["recipient"] : null)]);
    }

    /// <summary>Tells a sender that messages were read; in groups and status <paramref name="sender"/> says whose they are.</summary>
    public static Node Read(Jid chat, IReadOnlyList<string> ids, DateTimeOffset now, Jid? sender = null) => Node.Of("receipt",
        [("id", ids[0]), ("to", chat), ("type", "read"), ("t", now.ToUnixTimeSeconds()), ("participant", sender)],
        ids.Count == 1 ? null : Node.Of("list", [.. ids.Skip(1).Select(id => Node.Of("item", [("id", id)]))]));
}
