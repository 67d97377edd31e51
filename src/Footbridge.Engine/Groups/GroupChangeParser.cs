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
        _ => null,
    };

    public static GroupInfo Apply(GroupInfo known, Node change, GroupChanges changes) => known with
    {
        Subject = changes.Subject ?? known.Subject,
        Description = changes.Description is { } text ? text.Length == 0 ? null : GroupParser.DescriptionOf(change) : known.Description,
        IsAnnounce = changes.IsAnnounce ?? known.IsAnnounce,
        IsLocked = changes.IsLocked ?? known.IsLocked,
        MembersCanAdd = changes.MembersCanAdd ?? known.MembersCanAdd,
        NeedsApproval = changes.NeedsApproval ?? known.NeedsApproval,
        EphemeralSeconds = changes.EphemeralSeconds ?? known.EphemeralSeconds,
    };
}
