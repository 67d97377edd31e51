using Footbridge.Engine.Events;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Groups;

/// <summary>Changes of a group's members, applied to what is known of the group.</summary>
internal static class GroupMembers
{
    public static GroupMemberChange ChangeOf(string tag) => tag switch
    {
        "add" => GroupMemberChange.Joined,
        "remove" => GroupMemberChange.Left,
        "promote" => GroupMemberChange.Promoted,
        _ => GroupMemberChange.Demoted,
    };

    public static GroupRole RoleAfter(string tag, GroupMember member, GroupInfo? known) => tag switch
    {
        "promote" => GroupRole.Admin,
        "demote" => GroupRole.Member,
        "remove" => known?.Members.FirstOrDefault(m => IsSame(m, member))?.Role ?? member.Role,
        _ => member.Role,
    };

    /// <summary>The group after a change, or null when the change does not start from what is known: then something was missed.</summary>
    public static GroupInfo? Apply(GroupInfo known, Node change, IReadOnlyList<GroupMember> members)
    {
        if (change["prev_v_id"] is { } previous && known.MembersVersion is { } version && previous != version) return null;
        var others = known.Members.Where(m => !members.Any(changed => IsSame(m, changed)));
        return known with
        {
            Members = change.Tag == "remove" ? [.. others] : [.. others, .. members],
            MembersVersion = change["v_id"] ?? known.MembersVersion,
        };
    }

    private static bool IsSame(GroupMember a, GroupMember b) =>
        a.Person.Address == b.Person.Address || (a.Person.Lid is { } lid && lid == b.Person.Lid) || (a.Person.Phone is { } phone && phone == b.Person.Phone);
}
