using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.People;
using Footbridge.Simulator.WhatsApp.State;
using Google.Protobuf;

namespace Footbridge.Simulator.WhatsApp.Answers;

/// <summary>Namespace <c>usync</c>: who is on WhatsApp, with which LID and devices, and what people show of themselves.</summary>
internal sealed class UsyncAnswers(State.Directory directory, PeopleDesk desk)
{
    public Node Answer(SimDevice device, Node iq)
    {
        var usync = iq.Child("usync");
        var protocols = usync?.Child("query")?.Children.Select(p => p.Tag).ToHashSet() ?? [];
        var backoff = protocols.Contains("contact") ? desk.LookupBackoffSeconds : null;
        var users = backoff is null ? usync?.Child("list")?.ChildrenOf("user").Select(user => User(device, user, protocols)).OfType<Node>() ?? [] : [];
        return Node.Of("usync", [("sid", usync?["sid"]), ("mode", usync?["mode"]), ("index", "0"), ("last", "true"), ("context", usync?["context"])],
            Node.Of("result", [.. protocols.Select(p => Node.Of(p, p == "contact" && backoff is { } seconds ? Node.Of("error", [("code", 429), ("text", "rate-overlimit"), ("backoff", seconds)]) : null))]),
            Node.Of("list", [.. users]));
    }

    private Node? User(SimDevice device, Node user, HashSet<string> protocols)
    {
        var query = user.Child("contact")?.ContentText;
        var jid = user.JidOf("jid") ?? (query is null ? null : new Jid(DigitsOf(query), JidServer.User));
        if (jid is not { } asked) return null;
        var account = directory.Find(asked);
        if (account is null && query is null) return null;
        // The address of a number that was looked up is the account's own, however the number was written.
        return Node.Of("user", [("jid", query is not null && account is not null ? account.Phone : asked.ToUser())],
            protocols.Contains("contact") ? Node.OfText("contact", [("type", account is null ? "out" : "in")], query ?? "") : null,
            protocols.Contains("lid") && account is { ShowsOneAddress: false } ? Node.Of("lid", [("val", account.Lid)]) : null,
            protocols.Contains("devices") && account is not null ? Devices(account) : null,
            protocols.Contains("status") && account is not null ? About(device, account) : null,
            protocols.Contains("picture") && account is not null ? Node.Of("picture", [("id", desk.Pictures.IdOf(account.Phone))]) : null,
            protocols.Contains("business") && account?.Profile.VerifiedName is { } name ? Business(name) : null,
            protocols.Contains("username") && account?.Profile.Username is { } username ? Node.OfText("username", username) : null);
    }

    private static Node Devices(SimAccount account) => Node.Of("devices", Node.Of("device-list",
        [.. account.Devices.Select(d => Node.Of("device", [("id", d.Number), ("key-index", d.Number == 0 ? null : (long?)d.KeyIndex)]))]));

    private static Node About(SimDevice device, SimAccount account) => account.Profile.HidesItself && account != device.Account
        ? Node.Of("status", [("code", 401), ("type", "fail")])
        : Node.OfText("status", [("t", account.Profile.AboutSetAt)], account.Profile.About);

    private static Node Business(string name)
    {
        var details = new VerifiedNameCertificate.Types.Details { Serial = 1, Issuer = "smb:wa", VerifiedName = name };
        return Node.Of("business", Node.OfBytes("verified_name", [("verified_level", "unknown"), ("serial", 1)], new VerifiedNameCertificate { Details = details.ToByteString() }.ToByteArray()));
    }

    private static string DigitsOf(string query) => new([.. query.TakeWhile(c => c != '@').Where(char.IsAsciiDigit)]);
}
