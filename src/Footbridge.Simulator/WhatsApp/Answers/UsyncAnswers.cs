using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.State;

namespace Footbridge.Simulator.WhatsApp.Answers;

/// <summary>Namespace <c>usync</c>: who is on WhatsApp, with which LID and which devices.</summary>
internal sealed class UsyncAnswers(State.Directory directory)
{
    public Node Answer(Node iq)
    {
        var usync = iq.Child("usync");
        var protocols = usync?.Child("query")?.Children.Select(p => p.Tag).ToHashSet() ?? [];
        var users = usync?.Child("list")?.ChildrenOf("user").Select(user => User(user, protocols)).OfType<Node>() ?? [];
        return Node.Of("usync", [("sid", usync?["sid"]), ("mode", usync?["mode"]), ("index", "0"), ("last", "true"), ("context", usync?["context"])],
            Node.Of("result", [.. protocols.Select(p => Node.Of(p))]),
            Node.Of("list", [.. users]));
    }

    private Node? User(Node user, HashSet<string> protocols)
    {
        var query = user.Child("contact")?.ContentText;
        var jid = user.JidOf("jid") ?? (query is null ? null : new Jid(DigitsOf(query), JidServer.User));
        if (jid is not { } asked) return null;
        var account = directory.Find(asked);
        if (account is null && query is null) return null;
        return Node.Of("user", [("jid", asked.ToUser())],
            protocols.Contains("contact") ? Node.OfText("contact", [("type", account is null ? "out" : "in")], query ?? "") : null,
            protocols.Contains("lid") && account is not null ? Node.Of("lid", [("val", account.Lid)]) : null,
            protocols.Contains("devices") && account is not null ? Devices(account) : null,
            protocols.Contains("status") && account is not null ? Node.OfText("status", [("t", 1)], "") : null);
    }

    private static Node Devices(SimAccount account) => Node.Of("devices", Node.Of("device-list",
        [.. account.Devices.Select(d => Node.Of("device", [("id", d.Number), ("key-index", d.Number == 0 ? null : (long?)d.KeyIndex)]))]));

    private static string DigitsOf(string query) => new([.. query.TakeWhile(c => c != '@').Where(char.IsAsciiDigit)]);
}
