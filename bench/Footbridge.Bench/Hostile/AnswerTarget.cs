using Footbridge.Bench.Hostile.Harness;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Google.Protobuf;

namespace Footbridge.Bench.Hostile;

/// <summary>Answers to what the engine asks: devices, numbers, details, groups, bundles, settings, pictures, media hosts, channel posts.</summary>
internal static class AnswerTarget
{
    private static readonly (Jid Phone, Jid Lid, Jid Group) Ids = (StanzaTarget.Phone, StanzaTarget.Lid, StanzaTarget.Group);

    /// <summary>What may be asked, and the child that its answer holds.</summary>
    private static readonly (string Child, Func<HostileAccount, Task> Ask)[] Asked =
    [
        ("usync", a => a.Context.Devices.GetAsync([Ids.Phone, Ids.Lid], default)),
        ("usync", a => a.Contacts.Numbers.FindAsync([Ids.Phone.User, "1"], default)),
        ("usync", a => a.Contacts.GetDetailsAsync([Ids.Phone, Ids.Lid], default)),
        ("business_profile", a => a.Contacts.FindBusinessProfileAsync(Ids.Phone, default)),
        ("list", a => a.Contacts.Blocklist.GetAsync(default)),
        ("privacy", a => a.Contacts.Privacy.GetAsync(default)),
        ("picture", a => a.Contacts.Pictures.FindAsync(Ids.Phone, isPreview: false, refresh: true, default)),
        ("group", a => a.Groups.FetchAsync(Ids.Group, default)),
        ("groups", a => a.Groups.ListAsync(default)),
        ("promote", a => a.Groups.PromoteAsync(Ids.Group, [Ids.Phone], default)),
        ("add", a => a.Groups.AddAsync(Ids.Group, [Ids.Lid], default)),
        ("invite", a => a.Groups.GetInviteCodeAsync(Ids.Group, default)),
        ("group", a => a.Groups.LookUpInviteAsync("abc", default)),
        ("group", a => a.Groups.JoinAsync("abc", default)),
        ("membership_approval_requests", a => a.Groups.ListJoinRequestsAsync(Ids.Group, default)),
        ("membership_requests_action", a => a.Groups.DecideJoinRequestsAsync(Ids.Group, true, [Ids.Phone], default)),
        ("list", a => a.Context.Bundles.FetchAsync([Ids.Phone, Ids.Lid], default)),
        ("messages", a => a.Channels.MessagesAsync(new Jid("120363000000000009", JidServer.Newsletter), 10, null, default)),
        ("media_conn", a => new MediaHosts(a.Context.Link, a.Context.Options, a.Context.Time).ConnectAsync(null, default)),
        ("list", a => new Refusals(a.Context).DescribeAsync(463, default)),
    ];

    public static HostileTarget Create(int seed)
    {
        var store = new HostileStore(_ => { });
        return new("query answers", new(seed, [.. Samples().Select(NodeWriter.Encode)], Special, NodeMutator.Mutate), input => Parse(store, input));
    }

    /// <summary>An answer is read by all who ask for what it holds, and by one who asked for something else.</summary>
    private static object? Parse(HostileStore store, byte[] input)
    {
        var answer = NodeReader.Decode(input);
        var accepted = 0;
        HostileAccount.Run(store, async account =>
        {
            for (var i = 0; i < Asked.Length; i++)
            {
                if (answer.Child(Asked[i].Child) is not null || i == input.Length % Asked.Length) accepted += await TryAsync(account, Asked[i].Ask);
            }
        }, _ => answer);
        return accepted > 0 ? store : null;
    }

    private static async Task<int> TryAsync(HostileAccount account, Func<HostileAccount, Task> ask)
    {
        try
        {
            await ask(account);
            return 1;
        }
        catch (Exception e) when (e is ProtocolException or QueryFailedException or MediaFailedException)
        {
            return 0;
        }
    }

    private static Node Of(params Node[] children) => Node.Of("iq", [("type", "result"), ("id", "1"), ("from", Jid.Service)], children);

    private static IEnumerable<Node> Samples()
    {
        var certificate = new VerifiedNameCertificate { Details = new VerifiedNameCertificate.Types.Details { VerifiedName = "Shop" }.ToByteString() }.ToByteArray();
        yield return Of(Node.Of("usync", Node.Of("result", Node.Of("contact", [("backoff", 5)])), Node.Of("list",
            Node.Of("user", [("jid", Ids.Phone), ("pn_jid", Ids.Phone)],
                Node.Of("devices", Node.Of("device-list", Node.Of("device", [("id", 0)]), Node.Of("device", [("id", 3), ("key-index", 1)]))), Node.Of("lid", [("val", Ids.Lid)]),
                Node.OfText("contact", [("type", "in")], "+5511999999999"), Node.OfText("status", [("t", 1_795_000_000)], "about"), Node.Of("picture", [("id", 5)]),
                Node.Of("business", Node.OfBytes("verified_name", certificate)), Node.OfText("username", "zoe")))));
        yield return Of(Node.Of("business_profile", Node.Of("profile", Node.OfText("description", "shop"), Node.OfText("address", "street"), Node.OfText("email", "a@example.org"),
            Node.OfText("website", "https://example.org"), Node.Of("categories", Node.OfText("category", "food")))));
        yield return Of(Node.Of("list", [("dhash", "1")], Node.Of("item", [("jid", Ids.Lid), ("pn_jid", Ids.Phone)]), Node.Of("item", [("jid", Ids.Phone)])));
        yield return Of(Node.Of("privacy", Node.Of("category", [("name", "last"), ("value", "all")]), Node.Of("category", [("name", "online"), ("value", "all")])));
        yield return Of(Node.Of("picture", [("id", 5), ("url", "https://pps.whatsapp.net/a"), ("direct_path", "/a")]));
        yield return Of(StanzaTarget.GroupNode());
        yield return Of(Node.Of("groups", StanzaTarget.GroupNode(), StanzaTarget.GroupNode()));
        yield return Of(Node.Of("add", Node.Of("participant", [("jid", Ids.Lid), ("error", 403), ("phone_number", Ids.Phone)], Node.Of("add_request", [("code", "abc"), ("expiration", 1_795_000_000)]))),
            Node.Of("promote", Node.Of("participant", [("jid", Ids.Phone)])));
        yield return Of(Node.Of("invite", [("code", "abc")]), Node.Of("group", [("jid", Ids.Group)]), Node.Of("membership_approval_request", [("jid", Ids.Group)]));
        yield return Of(Node.Of("membership_approval_requests", Node.Of("membership_approval_request", [("jid", Ids.Lid), ("phone_number", Ids.Phone), ("request_time", 1), ("request_method", "InviteLink")])),
            Node.Of("membership_requests_action", Node.Of("approve", Node.Of("participant", [("jid", Ids.Phone), ("error", 404)]))));
        yield return Of(Node.Of("list", Node.Of("user", [("jid", Ids.Phone)], Node.OfBytes("registration", [0, 0, 0, 1]), Node.OfBytes("identity", new byte[32]),
            Node.Of("skey", Node.OfBytes("id", [0, 0, 1]), Node.OfBytes("value", new byte[32]), Node.OfBytes("signature", new byte[64])), Node.Of("key", Node.OfBytes("id", [0, 0, 2]), Node.OfBytes("value", new byte[32])))));
        yield return Of(Node.Of("messages", Node.Of("message", [("id", "3EB0"), ("server_id", 7), ("t", 1_795_000_000), ("is_sender", "true")], Node.OfBytes("plaintext", new Message { Conversation = "news" }.ToByteArray()),
            Node.Of("views_count", [("count", 5)]), Node.Of("reactions", Node.Of("reaction", [("code", "👍"), ("count", 2)])))));
        yield return Of(Node.Of("media_conn", [("auth", "x"), ("ttl", 300)], Node.Of("host", [("hostname", "mmg.whatsapp.net"), ("type", "primary")], Node.Of("download")), Node.Of("host", [("hostname", "a.whatsapp.net:443"), ("type", "fallback")])));
        yield return Node.Of("iq", [("type", "error"), ("id", "1")], Node.Of("error", [("code", 401), ("text", "not-authorized")]));
    }

    /// <summary>The same person, device, member or message again and again.</summary>
    private static byte[] Special(Random random)
    {
        var node = Samples().ElementAt(random.Next(13));
        var list = node.Children[0];
        var child = list.Children.Count == 0 ? list : list.Children[random.Next(list.Children.Count)];
        return NodeWriter.Encode(node.WithChildren(list.WithChildren([.. Enumerable.Repeat(child, random.Next(random.Next(20) == 0 ? 5000 : 5))])));
    }
}
