using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Protocol;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Groups;

/// <summary>Reads <c>group</c> and <c>participant</c> nodes. Source: docs/protocol/groups.md.</summary>
internal static class GroupParser
{
    /// <exception cref="ProtocolException">The group has no id.</exception>
    public static GroupInfo Parse(Node group) => new(
        GroupJid(group.Required("id")),
        group["subject"] ?? "",
        PersonOf(group, "creator", "creator_pn"),
        TimeOf(group, "creation"),
        DescriptionOf(group.Child("description")),
        group["addressing_mode"] == "lid",
        group.Child("announcement") is not null,
        group.Child("locked") is not null,
        group.Child("member_add_mode")?.ContentText == "all_member_add",
        group.Path("membership_approval_mode", "group_join")?["state"] == "on",
        group.Child("ephemeral")?.LongOf("expiration") ?? 0,
        group.Child("parent") is not null,
        group.Child("linked_parent")?.JidOf("jid"),
        Members(group),
        group["p_v_id"])
    {
        IsCommunityAnnouncement = group.Child("default_sub_group") is not null,
        IsSuspended = group.Child("suspended") is not null,
    };

    /// <summary>The members among the children of a node; a child without a jid is skipped.</summary>
    public static IReadOnlyList<GroupMember> Members(Node parent) =>
        [.. parent.ChildrenOf("participant").Where(p => p["error"] is null && p.JidOf("jid") is not null).Select(p => new GroupMember(Person(p), RoleOf(p["type"])))];

    public static MemberOutcome Outcome(Node participant)
    {
        var code = (int?)participant.LongOf("error");
        var request = participant.Child("add_request");
        return new(Person(participant), code is null ? null : ErrorOf(code.Value), code,
            request?["code"] is { } invitation ? new(invitation, TimeOf(request, "expiration") ?? DateTimeOffset.UnixEpoch) : null);
    }

    /// <exception cref="ProtocolException">There is no jid.</exception>
    public static Party Person(Node participant)
    {
        var jid = participant.RequiredJid("jid").ToUser();
        return MessageSource.PartyOf(jid, (jid.IsLid ? participant.JidOf("phone_number") : participant.JidOf("lid"))?.ToUser());
    }

    /// <summary>A person by an attribute and the attribute for the other address.</summary>
    public static Party? PersonOf(Node node, string key, string twinKey) =>
        node.JidOf(key)?.ToUser() is { IsUser: true } jid ? MessageSource.PartyOf(jid, node.JidOf(twinKey)?.ToUser()) : null;

    public static DateTimeOffset? TimeOf(Node node, string key) =>
        node.LongOf(key) is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds, 0, uint.MaxValue)) : null;

    public static GroupText? DescriptionOf(Node? description) => description?.Child("body")?.ContentText is { } text
        ? new(text, description["id"], PersonOf(description, "participant", "participant_pn"), TimeOf(description, "t"))
        : null;

    public static Jid GroupJid(string id) => id.Contains('@', StringComparison.Ordinal) ? Jid.Parse(id) : new(id, JidServer.Group);

    private static GroupRole RoleOf(string? type) => type switch { "superadmin" => GroupRole.SuperAdmin, "admin" => GroupRole.Admin, _ => GroupRole.Member };

    private static MemberError ErrorOf(int code) => code switch
    {
        401 => MemberError.Blocked,
        403 => MemberError.NotAllowedByPerson,
        404 => MemberError.NotFound,
        408 => MemberError.LeftRecently,
        409 => MemberError.AlreadyMember,
        _ => MemberError.Other,
    };
}
