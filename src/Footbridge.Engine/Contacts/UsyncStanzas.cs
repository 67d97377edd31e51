using System.Security.Cryptography;
using Footbridge.Engine.Connection;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Contacts;

/// <summary>Queries of namespace <c>usync</c>. Source: docs/protocol/devices-lid.md.</summary>
internal static class UsyncStanzas
{
    public static Node Devices(IEnumerable<Jid> users) => Query("message",
        Node.Of("query", Node.Of("devices", [("version", 2)]), Node.Of("lid")),
        [.. users.Select(user => Node.Of("user", [("jid", user)]))]);

    public static Node Contacts(IEnumerable<string> phoneDigits) => Query("interactive",
        Node.Of("query", Node.Of("contact"), Node.Of("lid")),
        [.. phoneDigits.Select(digits => Node.Of("user", Node.OfText("contact", "+" + digits)))]);

    /// <summary>All that strangers may see of people; a person's token opens what is for contacts only.</summary>
    public static Node Details(IEnumerable<(Jid User, byte[]? Token)> users) => Query("interactive",
        Node.Of("query", Node.Of("lid"), Node.Of("status"), Node.Of("picture"), Node.Of("business", Node.Of("verified_name")), Node.Of("username")),
        [.. users.Select(user => Node.Of("user", [("jid", user.User)], user.Token is null ? null : Node.OfBytes("tctoken", user.Token)))]);

    private static Node Query(string context, Node query, Node[] users) =>
        Iq.Get("usync",
            Node.Of("usync", [("sid", RandomNumberGenerator.GetHexString(16, lowercase: true)), ("mode", "query"), ("last", "true"), ("index", 0), ("context", context)],
                query,
                Node.Of("list", users)));
}
