using System.Security.Cryptography;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Contacts;

/// <summary>Queries of namespace <c>usync</c>. Source: docs/protocol/devices-lid.md.</summary>
internal static class UsyncStanzas
{
    public static Node Devices(IEnumerable<Jid> users) => Query("message",
        Node.Of("query", Node.Of("devices", [("version", 2)]), Node.Of("lid")),
        [.. users.Select(user => Node.Of("user", [("jid", user)]))]);

    public static Node Contact(string phoneDigits) => Query("interactive",
        Node.Of("query", Node.Of("contact"), Node.Of("lid")),
        [Node.Of("user", Node.OfText("contact", "+" + phoneDigits))]);

    private static Node Query(string context, Node query, Node[] users) =>
        Node.Of("iq", [("type", "get"), ("xmlns", "usync"), ("to", Jid.Service)],
            Node.Of("usync", [("sid", RandomNumberGenerator.GetHexString(16, lowercase: true)), ("mode", "query"), ("last", "true"), ("index", 0), ("context", context)],
                query,
                Node.Of("list", users)));
}
