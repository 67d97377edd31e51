using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Engine.Groups;

namespace Footbridge.Server.Sessions.Events;

/// <summary>What happened in groups, as WAHA's <c>group.v2.*</c> tell it. Times are seconds.</summary>
internal static class GroupPayloads
{
    public static JsonObject Of(GroupJoined joined) => new()
    {
        ["timestamp"] = joined.Time.ToUnixTimeSeconds(),
        ["group"] = joined.Info is { } info ? GroupShapes.Event(info) : GroupShapes.Id(joined.Group),
        ["_data"] = Data(joined.By),
    };

    public static JsonObject Of(GroupLeft left) => new() { ["timestamp"] = left.Time.ToUnixTimeSeconds(), ["group"] = GroupShapes.Id(left.Group), ["_data"] = Data(left.By) };

    public static JsonObject Of(GroupParticipantsChanged changed) => new()
    {
        ["type"] = changed.Change switch
        {
            GroupMemberChange.Joined => "join",
            GroupMemberChange.Left => "leave",
            GroupMemberChange.Promoted => "promote",
            _ => "demote",
        },
        ["timestamp"] = changed.Time.ToUnixTimeSeconds(),
        ["group"] = GroupShapes.Id(changed.Group),
        ["participants"] = new JsonArray([.. changed.Members.Select(m => (JsonNode)GroupShapes.Participant(m, hasLeft: changed.Change == GroupMemberChange.Left))]),
        ["_data"] = Data(changed.By),
    };

    public static JsonObject Of(GroupUpdated updated)
    {
        var group = GroupShapes.Id(updated.Group);
        var changes = updated.Changes;
        if (changes.Subject is { } subject) group["subject"] = subject;
        if (changes.Description is { } description) group["description"] = description;
        if (changes.InviteCode is { } code) group["invite"] = GroupShapes.InviteUrl(code);
        if (changes.MembersCanAdd is { } canAdd) group["membersCanAddNewMember"] = canAdd;
        if (changes.IsAnnounce is { } announce) group["membersCanSendMessages"] = !announce;
        if (changes.NeedsApproval is { } approval) group["newMembersApprovalRequired"] = approval;
        if (changes.IsLocked is { } locked) group["restrict"] = locked;
        if (changes.EphemeralSeconds is { } seconds) group["ephemeralDuration"] = seconds;
        if (changes.IsSuspended is { } suspended) group["suspended"] = suspended;
        var data = Data(updated.By);
        if (changes.Link is { } link)
        {
            if (link.Kind == GroupLinkKind.Community) group["linkedParent"] = link.IsLinked ? link.Other.ToString() : null;
            data["link"] = Link(link);
        }

        return new() { ["timestamp"] = updated.Time.ToUnixTimeSeconds(), ["group"] = group, ["_data"] = data };
    }

    /// <summary>In WhatsApp's words for what the other group is.</summary>
    private static JsonObject Link(GroupLink link) => new()
    {
        ["type"] = link.Kind switch { GroupLinkKind.Community => "parent_group", GroupLinkKind.Member => "sub_group", _ => "sibling_group" },
        ["id"] = link.Other.ToString(),
        ["subject"] = link.Subject,
        ["linked"] = link.IsLinked,
        ["reason"] = link.Reason,
    };

    public static JsonObject Old(GroupJoined joined) => joined.Info is { } info ? GroupShapes.Full(info, withParticipants: true) : GroupShapes.Id(joined.Group);

    public static JsonObject Old(GroupLeft left) => GroupShapes.Id(left.Group);

    private static JsonObject Data(Party? by) => by is { } actor ? new() { ["author"] = WahaIds.ChatId(actor) } : [];
}
