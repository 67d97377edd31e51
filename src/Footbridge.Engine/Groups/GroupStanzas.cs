using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Groups;

/// <summary>Messages to groups, and the queries of namespace <c>w:g2</c>. Source: docs/protocol/groups.md.</summary>
internal static class GroupStanzas
{
    /// <param name="tail">What follows the encrypted parts (<see cref="MessageStanzas.Tail"/>).</param>
    public static Node Message(
        OutgoingMessage message, MessageTraits traits, KeyedMessage keyed, string hash, string? addressing, params ReadOnlySpan<Node?> tail) => Node.Of("message",
        [("id", message.Id), ("to", message.To), ("type", traits.Type), ("edit", traits.Edit), ("phash", hash), ("addressing_mode", addressing)],
        [
            keyed.KeyParts.Count == 0 ? null : Node.Of("participants", [.. keyed.KeyParts]),
            MessageStanzas.Enc(new("skmsg", keyed.Bytes), null, traits),
            .. tail,
        ]);

    /// <summary>The stories' form: the server learns the audience from the message, so those who have the key already are named too.</summary>
    public static Node Status(OutgoingMessage message, MessageTraits traits, KeyedMessage keyed, Audience audience, byte[]? signedIdentity, string setting)
    {
        var given = keyed.KeyParts.Select(part => part.JidOf("jid")).ToHashSet();
        var others = audience.Devices.Where(device => !given.Contains(device.Wire)).Select(device => Node.Of("to", [("jid", device.Wire)]));
        return Message(
            message, traits, keyed with { KeyParts = [.. keyed.KeyParts, .. others] }, audience.Hash, null,
            keyed.NeedsIdentity && signedIdentity is not null ? Node.OfBytes("device-identity", signedIdentity) : null, Node.Of("meta", [("status_setting", setting)]));
    }

    /// <summary>The sender key for one device.</summary>
    public static Node KeyFor(Jid device, CipherText sealedText) =>
        Node.Of("to", [("jid", device)], Node.OfBytes("enc", [("v", 2), ("type", sealedText.Type)], sealedText.Bytes));

    public static Node Info(Jid group) => Get(group, Node.Of("query", [("request", "interactive")]));

    public static Node List() => Get(Jid.GroupService, Node.Of("participating", Node.Of("participants"), Node.Of("description")));

    public static Node Create(string subject, string key, IEnumerable<Node> members) => Set(Jid.GroupService, Node.Of("create", [("subject", subject), ("key", key)], [.. members]));

    /// <param name="privacyToken">The person's token for us, by which a person who lets only contacts add can be added all the same.</param>
    public static Node Member(Jid person, Jid? phone, byte[]? privacyToken) => Node.Of("participant",
        [("jid", person), ("phone_number", person.IsLid ? phone : null)],
        privacyToken is null ? null : Node.OfBytes("privacy", privacyToken));

    /// <param name="change"><c>add</c>, <c>remove</c>, <c>promote</c> or <c>demote</c>.</param>
    public static Node Change(Jid group, string change, IEnumerable<Node> members) => Set(group, Node.Of(change, [.. members]));

    public static Node Leave(Jid group) => Set(Jid.GroupService, Node.Of("leave", Node.Of("group", [("id", group)])));

    public static Node Subject(Jid group, string subject) => Set(group, Node.OfText("subject", subject));

    /// <param name="id">Of the new description.</param>
    /// <param name="previous">Of the one it replaces; the server answers 409 when that is not the present one.</param>
    /// <param name="text">Null or empty deletes it.</param>
    public static Node Description(Jid group, string id, string? previous, string? text) => Set(group, string.IsNullOrEmpty(text)
        ? Node.Of("description", [("id", id), ("prev", previous), ("delete", "true")])
        : Node.Of("description", [("id", id), ("prev", previous)], Node.OfText("body", text)));

    /// <param name="setting">An empty element such as <c>announcement</c> or <c>unlocked</c>.</param>
    public static Node Setting(Jid group, string setting) => Set(group, Node.Of(setting));

    public static Node Ephemeral(Jid group, long seconds) => Set(group, seconds == 0 ? Node.Of("not_ephemeral") : Node.Of("ephemeral", [("expiration", seconds)]));

    public static Node MemberAddMode(Jid group, bool allMembers) => Set(group, Node.OfText("member_add_mode", allMembers ? "all_member_add" : "admin_add"));

    public static Node ApprovalMode(Jid group, bool isOn) => Set(group, Node.Of("membership_approval_mode", Node.Of("group_join", [("state", isOn ? "on" : "off")])));

    public static Node InviteCode(Jid group) => Get(group, Node.Of("invite"));

    public static Node RevokeInviteCode(Jid group) => Set(group, Node.Of("invite"));

    public static Node LookUp(string code) => Get(Jid.GroupService, Node.Of("invite", [("code", code)]));

    public static Node Join(string code) => Set(Jid.GroupService, Node.Of("invite", [("code", code)]));

    /// <summary>Accepts an invitation that came as a message.</summary>
    public static Node Accept(Jid group, string code, long expiration, Jid inviter) =>
        Set(group, Node.Of("accept", [("code", code), ("expiration", expiration), ("admin", inviter)]));

    public static Node JoinRequests(Jid group) => Get(group, Node.Of("membership_approval_requests"));

    public static Node Decide(Jid group, bool approve, IEnumerable<Jid> people) => Set(group,
        Node.Of("membership_requests_action", Node.Of(approve ? "approve" : "reject", [.. people.Select(person => Node.Of("participant", [("jid", person)]))])));

    private static Node Get(Jid to, Node content) => Iq.To(to, "get", "w:g2", content);

    private static Node Set(Jid to, Node content) => Iq.To(to, "set", "w:g2", content);
}
