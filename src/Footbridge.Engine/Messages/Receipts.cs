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

    /// <summary>Tells a sender (or, as <c>read-self</c>, only the account's own devices) that messages were read.</summary>
    /// <param name="participant">Who wrote them, in groups.</param>
    /// <param name="type"><c>read</c>, <c>played</c>, <c>read-self</c> or <c>played-self</c>.</param>
    public static Node Read(Jid chat, Jid? participant, IReadOnlyList<string> ids, string type, DateTimeOffset now) => Node.Of("receipt",
        [("id", ids[0]), ("to", chat), ("type", type), ("t", now.ToUnixTimeSeconds()), ("participant", participant)],
        ids.Count == 1 ? null : Node.Of("list", [.. ids.Skip(1).Select(id => Node.Of("item", [("id", id)]))]));
}
