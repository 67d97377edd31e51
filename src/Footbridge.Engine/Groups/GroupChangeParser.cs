using Footbridge.Engine.Events;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Groups;

/// <summary>Changes of a group's settings, as notifications tell them. Source: docs/protocol/groups.md.</summary>
internal static class GroupChangeParser
{
    /// <summary>What a child of a notification changes; null for one that is no setting we know.</summary>
    public static GroupChanges? Parse(Node change) => change.Tag switch
    {
        "subject" => new() { Subject = change["subject"] ?? change.ContentText ?? "" },
        "description" => new() { Description = change["delete"] == "true" || change.Child("delete") is not null ? "" : change.Child("body")?.ContentText ?? "" },
        "announcement" => new() { IsAnnounce = true },
        "not_announcement" => new() { IsAnnounce = false },
        "locked" => new() { IsLocked = true },
        "unlocked" => new() { IsLocked = false },
        "ephemeral" => new() { EphemeralSeconds = change.LongOf("expiration") ?? 0 },
        "not_ephemeral" => new() { EphemeralSeconds = 0 },
        "member_add_mode" => new() { MembersCanAdd = change.ContentText == "all_member_add" },
        "membership_approval_mode" => new() { NeedsApproval = change.Child("group_join")?["state"] == "on" },
        "invite" => new() { InviteCode = change["code"] },
        "suspended" => new() { IsSuspended = true },
        "unsuspended" => new() { IsSuspended = false },
        _ => null,
    };

    /// <summary>What a <c>link</c> or <c>unlink</c> says of a community; null when it names no group.</summary>
    public static GroupLink? LinkOf(Node change)
    {
        if (change.Child("group") is not { } group || (group.JidOf("jid") ?? (group["id"] is { } id ? GroupParser.GroupJid(id) : null)) is not { } other) return null;
        var kind = (change["link_type"] ?? change["unlink_type"]) switch { "parent_group" => GroupLinkKind.Community, "sub_group" => GroupLinkKind.Member, _ => GroupLinkKind.Sibling };
        return new(kind, other.ToUser(), group["subject"], change.Tag == "link", change["unlink_reason"]);
    }

    public static GroupInfo Apply(GroupInfo known, Node change, GroupChanges changes) => known with
    {
        Subject = changes.Subject ?? known.Subject,
        Description = changes.Description is { } text ? text.Length == 0 ? null : GroupParser.DescriptionOf(change) : known.Description,
        IsAnnounce = changes.IsAnnounce ?? known.IsAnnounce,
        IsLocked = changes.IsLocked ?? known.IsLocked,
        MembersCanAdd = changes.MembersCanAdd ?? known.MembersCanAdd,
        NeedsApproval = changes.NeedsApproval ?? known.NeedsApproval,
        EphemeralSeconds = changes.EphemeralSeconds ?? known.EphemeralSeconds,
        IsSuspended = changes.IsSuspended ?? known.IsSuspended,
        Community = changes.Link is { Kind: GroupLinkKind.Community } link ? link.IsLinked ? link.Other : null : known.Community,
    };
}
