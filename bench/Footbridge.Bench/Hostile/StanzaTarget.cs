using Footbridge.Bench.Hostile.Harness;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Media;
using Footbridge.Protocol.Xml;
using Google.Protobuf;

namespace Footbridge.Bench.Hostile;

/// <summary>Every kind of stanza that a server sends by itself, given to whoever takes it: messages, receipts, acks, calls, presence, notifications, dirty bits.</summary>
internal static class StanzaTarget
{
    public static readonly Jid Phone = new("5511999999999", JidServer.User);
    public static readonly Jid Lid = new("200000000000002", JidServer.Lid);
    public static readonly Jid Group = new("120363000000000001", JidServer.Group);
    private static readonly Jid Me = HostileAccount.Me.Phone.ToUser();
    private static readonly byte[] MediaKey = new byte[MediaKeys.MediaKeyBytes];

    public static HostileTarget Create(int seed)
    {
        var store = new HostileStore(Give);
        return new("stanzas", new(seed, [.. Messages().Concat(Signals()).Concat(Notifications()).Concat(GroupChanges()).Select(NodeWriter.Encode)], Special, NodeMutator.Mutate), input => Parse(store, input));
    }

    private static object? Parse(HostileStore store, byte[] input)
    {
        var stanza = NodeReader.Decode(input);
        return HostileAccount.Run(store, account => account.TakeAsync(stanza).AsTask(), Answer);
    }

    /// <summary>The server has prekeys enough, and nothing else to say.</summary>
    private static Node Answer(Node iq) => Node.Of("iq", [("type", "result")], Node.Of("count", [("value", 100)]));

    private static void Give(StoreBatch batch)
    {
        StoredOutgoing.Put(new("3EB0", Lid, new() { Conversation = "hello" }), DateTimeOffset.UnixEpoch, batch);
        StoredOutgoing.Put(new("3EB1", Group, new() { Conversation = "hello" }), DateTimeOffset.UnixEpoch, batch);
        new StoredMediaRequest(0, MediaKey, null).Save("3EB2", batch);
        new DeviceLists.Stored([0, 1], null, long.MaxValue / 100_000_000_000).Save(Phone, batch);
    }

    private static Node Of(string type, Node? child = null, Jid? from = null) => Node.Of("notification", [("id", "1"), ("type", type), ("from", from ?? Phone), ("t", 1_795_000_000)], child);

    private static IEnumerable<Node> Messages()
    {
        (string, AttributeValue)[] head = [("id", "3EB5"), ("from", Phone.WithDevice(1)), ("sender_lid", Lid), ("t", 1_795_000_000), ("notify", "Zoë"), ("type", "text")];
        yield return Node.Of("message", head, Node.OfBytes("enc", [("v", 2), ("type", "msg")], new byte[60]), Node.OfBytes("enc", [("v", 2), ("type", "pkmsg")], [0x33, 8, 1]));
        yield return Node.Of("message", [("id", "3EB6"), ("from", Group), ("participant", Lid), ("participant_pn", Phone), ("t", 1)], Node.OfBytes("enc", [("v", 2), ("type", "skmsg")], new byte[90]), Node.OfBytes("enc", [("type", "msmsg")], [1]));
        yield return Node.Of("message", head, Node.Of("unavailable", [("type", "view_once")]));
        yield return Node.Of("message", [("id", "3EB7"), ("from", new Jid("120363000000000009", JidServer.Newsletter)), ("server_id", 7), ("t", 1), ("edit", "3"), ("is_sender", "true")],
            Node.OfBytes("plaintext", new Message { Conversation = "news" }.ToByteArray()), Node.Of("meta", [("msg_edit_t", 5)]));
        yield return Node.Of("message", [("id", "3EB8"), ("from", Me), ("recipient", Lid), ("category", "peer"), ("t", 1), ("offline", "0")], Node.OfBytes("enc", [("v", 2), ("type", "msg")], new byte[60]));
    }

    private static IEnumerable<Node> Signals()
    {
        yield return Node.Of("receipt", [("id", "3EB0"), ("from", Lid), ("type", "read"), ("t", 1)], Node.Of("list", Node.Of("item", [("id", "3EB1")])));
        yield return Node.Of("receipt", [("id", "3EB1"), ("from", Group)], Node.Of("participants", [("key", "3EB1")], Node.Of("user", [("jid", Lid), ("t", 1), ("type", "played")])));
        yield return Node.Of("receipt", [("id", "3EB0"), ("from", Phone.WithDevice(1)), ("type", "retry"), ("t", 1)], Node.Of("retry", [("count", 1), ("id", "3EB0")]), Node.OfBytes("registration", [0, 0, 0, 1]), Keys());
        yield return Node.Of("receipt", [("id", "3EB1"), ("from", Group), ("participant", Lid.WithDevice(1)), ("type", "retry")], Node.Of("retry", [("count", 2)]), Node.OfBytes("registration", [0, 0, 0, 1]));
        yield return Node.Of("ack", [("class", "message"), ("id", "3EB0"), ("from", Lid), ("t", 1)]);
        yield return Node.Of("ack", [("class", "message"), ("id", "3EB1"), ("from", Group), ("error", 421), ("server_id", 4)]);
        yield return Node.Of("call", [("id", "1"), ("from", Lid), ("t", 1_795_000_000), ("offline", "1")], Node.Of("offer", [("call-id", "A"), ("call-creator", Lid.WithDevice(1)), ("caller_pn", Phone), ("group-jid", Group)], Node.Of("video")));
        yield return Node.Of("call", [("id", "2"), ("from", Lid)], Node.Of("terminate", [("call-id", "A"), ("call-creator", Lid), ("reason", "accepted_elsewhere")]));
        yield return Node.Of("call", [("id", "3"), ("from", Phone)], Node.Of("reject", [("call-id", "A"), ("call-creator", Phone)]));
        yield return Node.Of("presence", [("from", Phone), ("type", "unavailable"), ("last", 1_795_000_000)]);
        yield return Node.Of("chatstate", [("from", Group), ("participant", Lid)], Node.Of("composing", [("media", "audio")]));
        yield return Node.Of("ib", [("from", Jid.Service)], Node.Of("dirty", [("type", "groups"), ("timestamp", 1)]), Node.Of("dirty", [("type", "account_sync")]), Node.Of("dirty", [("type", "syncd_app_state")]));
        yield return Node.Of("iq", [("id", "1"), ("type", "get"), ("xmlns", "urn:xmpp:ping"), ("from", Jid.Service)]);
    }

    private static Node Keys() => Node.Of("keys", Node.OfBytes("type", [5]), Node.OfBytes("identity", new byte[32]),
        Node.Of("skey", Node.OfBytes("id", [0, 0, 1]), Node.OfBytes("value", new byte[32]), Node.OfBytes("signature", new byte[64])), Node.Of("key", Node.OfBytes("id", [0, 0, 2]), Node.OfBytes("value", new byte[32])));

    private static IEnumerable<Node> Notifications()
    {
        yield return Of("devices", Node.Of("add", [("device_hash", "2:abc"), ("device_lid_hash", "2:abc")], Node.Of("device", [("jid", Phone.WithDevice(2)), ("key-index", 3)]))).With("lid", Lid);
        yield return Of("devices", Node.Of("remove", [("device_hash", "2:abc")], Node.Of("device", [("jid", Phone.WithDevice(1))])));
        yield return Of("account_sync", Node.Of("blocklist", [("action", "modify"), ("dhash", "1"), ("prev_dhash", "0")], Node.Of("item", [("jid", Lid), ("pn_jid", Phone), ("action", "block")])), Me);
        yield return Of("account_sync", Node.Of("privacy"), Me);
        yield return Of("encrypt", Node.Of("identity"));
        yield return Of("encrypt", Node.Of("count", [("value", 3)]), Jid.Service);
        yield return Of("privacy_token", Node.Of("tokens", Node.OfBytes("token", [("type", "trusted_contact"), ("t", 1)], new byte[9]))).With("sender_lid", Lid);
        yield return Of("contacts", Node.Of("modify", [("old", Phone), ("new", new Jid("5511888888888", JidServer.User)), ("new_lid", Lid), ("old_lid", Lid)]));
        yield return Of("picture", Node.Of("set", [("jid", Phone), ("id", 5)]));
        yield return Of("status", Node.OfText("set", "about me"));
        yield return Of("server_sync", Node.Of("collection", [("name", "regular"), ("version", 5)]), Jid.Service);
        var (payload, iv) = MediaRetry.SealAnswer("3EB2", new() { StanzaId = "3EB2", DirectPath = "/v/new", Result = MediaRetryNotification.Types.ResultType.Success }, MediaKey);
        yield return Of("mediaretry", Node.Of("encrypt", Node.OfBytes("enc_p", payload), Node.OfBytes("enc_iv", iv))).With("id", "3EB2");
        yield return Of("mediaretry", Node.Of("error", [("code", 2)])).With("id", "3EB2");
    }

    public static Node GroupNode() => Node.Of("group",
        [("id", Group.User), ("subject", "Friends"), ("creator", Lid), ("creator_pn", Phone), ("creation", 1_700_000_000), ("addressing_mode", "lid"), ("p_v_id", "1")],
        Node.Of("description", [("id", "d"), ("participant", Lid), ("t", 1)], Node.OfText("body", "about us")), Node.Of("announcement"), Node.Of("locked"), Node.Of("ephemeral", [("expiration", 86_400)]),
        Node.OfText("member_add_mode", "all_member_add"), Node.Of("membership_approval_mode", Node.Of("group_join", [("state", "on")])), Node.Of("linked_parent", [("jid", new Jid("1", JidServer.Group))]),
        Member(Lid, "superadmin").With("phone_number", Phone), Member(HostileAccount.Me.Lid!.Value.ToUser(), "admin").With("phone_number", Me), Member(new Jid("5", JidServer.Lid), null));

    private static Node Member(Jid jid, string? type) => Node.Of("participant", [("jid", jid), ("type", type)]);

    private static IEnumerable<Node> GroupChanges()
    {
        Node Change(params Node[] children) => Node.Of("notification", [("id", "9"), ("type", "w:gp2"), ("from", Group), ("participant", Lid), ("participant_pn", Phone), ("t", 1_795_000_000)], children);
        yield return Change(Node.Of("create", [("type", "new")], GroupNode()));
        yield return Change(Node.Of("add", [("prev_v_id", "1"), ("v_id", "2")], Member(Me, null)));
        yield return Change(Node.Of("add", Member(Phone, "admin").With("lid", Lid)), Node.Of("promote", Member(Lid, null)), Node.Of("demote", Member(Lid, null)));
        yield return Change(Node.Of("remove", Member(Me, null), Member(Lid, null)), Node.Of("delete"), Node.Of("modify"));
        yield return Change(Node.Of("subject", [("subject", "New"), ("s_o", Lid), ("s_t", 1)]), Node.Of("description", Node.OfText("body", "x")), Node.Of("description", Node.Of("delete")), Node.Of("announcement"), Node.Of("locked"));
        yield return Change(Node.Of("ephemeral", [("expiration", 604_800)]), Node.OfText("member_add_mode", "all_member_add"), Node.Of("membership_approval_mode", Node.Of("group_join", [("state", "on")])), Node.Of("invite", [("code", "abc")]));
        yield return Change(Node.Of("created_membership_requests", Node.Of("requested_user", [("jid", Lid), ("phone_number", Phone)])), Node.Of("revoked_membership_requests", Member(Phone, null)));
    }

    /// <summary>Groups of thousands, and stanzas of kinds nobody knows.</summary>
    private static byte[] Special(Random random) => NodeWriter.Encode(random.Next(50) switch
    {
        0 => Node.Of("notification", [("id", "9"), ("type", "w:gp2"), ("from", Group)], Node.Of("add", [.. Enumerable.Range(1, random.Next(3000)).Select(i => Member(new Jid($"{i}", JidServer.Lid), null).With("phone_number", new Jid($"55{i}", JidServer.User)))])),
        1 => Node.Of("receipt", [("id", "1"), ("from", Group)], Node.Of("participants", [.. Enumerable.Range(1, random.Next(3000)).Select(i => Node.Of("user", [("jid", new Jid($"{i}", JidServer.Lid))]))])),
        < 25 => Of(new string((char)random.Next('a', 'z'), random.Next(3)), Node.Of("set")),
        _ => Node.Of(random.Next(2) == 0 ? "ib" : "iq", [("type", "set"), ("id", "1"), ("xmlns", "md")]),
    });
}
