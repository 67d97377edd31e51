using System.Text.Json.Nodes;
using Footbridge.Engine.Groups;
using Footbridge.Protocol.Xml;

namespace Footbridge.Server.Sessions.Events;

/// <summary>Groups as the API shows them, under the names of both of WAHA's engines that clients read.</summary>
internal static class GroupShapes
{
    public static JsonObject Id(Jid group) => new() { ["id"] = group.ToString() };

    public static string InviteUrl(string code) => "https://chat.whatsapp.com/" + code;

    /// <summary>As in events.</summary>
    public static JsonObject Event(GroupInfo info) => new()
    {
        ["id"] = info.Id.ToString(),
        ["subject"] = info.Subject,
        ["description"] = info.Description?.Text ?? "",
        ["membersCanAddNewMember"] = info.MembersCanAdd,
        ["membersCanSendMessages"] = !info.IsAnnounce,
        ["newMembersApprovalRequired"] = info.NeedsApproval,
        ["participants"] = Participants(info),
    };

    public static JsonArray Participants(GroupInfo info) => new([.. info.Members.Select(member => (JsonNode)Participant(member))]);

    /// <summary>A member by the address the group uses, and by number beside it when known.</summary>
    public static JsonObject Participant(GroupMember member, bool hasLeft = false)
    {
        var shape = new JsonObject { ["id"] = WahaIds.ChatId(member.Person.Address) };
        if (member.Person.Phone is { } phone) shape["pn"] = WahaIds.ChatId(phone);
        shape["role"] = hasLeft ? "left" : member.Role switch { GroupRole.SuperAdmin => "superadmin", GroupRole.Admin => "admin", _ => "participant" };
        return shape;
    }

    /// <summary>As in answers: NOWEB's names in lower case, GOWS's in upper.</summary>
    public static JsonObject Full(GroupInfo info, bool withParticipants)
    {
        var owner = info.Owner is { } person ? WahaIds.ChatId(person) : null;
        var shape = new JsonObject
        {
            ["id"] = info.Id.ToString(),
            ["subject"] = info.Subject,
            ["desc"] = info.Description?.Text,
            ["descId"] = info.Description?.Id,
            ["owner"] = owner,
            ["creation"] = info.CreatedAt?.ToUnixTimeSeconds(),
            ["size"] = info.Members.Count,
            ["announce"] = info.IsAnnounce,
            ["restrict"] = info.IsLocked,
            ["memberAddMode"] = info.MembersCanAdd,
            ["joinApprovalMode"] = info.NeedsApproval,
            ["ephemeralDuration"] = info.EphemeralSeconds == 0 ? null : info.EphemeralSeconds,
            ["addressingMode"] = info.IsLidAddressed ? "lid" : "pn",
            ["isCommunity"] = info.IsCommunity,
            ["isCommunityAnnounce"] = info.IsCommunityAnnouncement,
            ["suspended"] = info.IsSuspended,
            ["linkedParent"] = info.Community?.ToString(),
            ["JID"] = info.Id.ToString(),
            ["Name"] = info.Subject,
            ["Topic"] = info.Description?.Text ?? "",
            ["OwnerJID"] = owner,
            ["IsAnnounce"] = info.IsAnnounce,
            ["IsLocked"] = info.IsLocked,
            ["IsParent"] = info.IsCommunity,
            ["IsDefaultSubGroup"] = info.IsCommunityAnnouncement,
            ["LinkedParentJID"] = info.Community?.ToString() ?? "",
        };
        if (!withParticipants) return shape;
        shape["participants"] = RawParticipants(info);
        shape["Participants"] = new JsonArray([.. info.Members.Select(member => (JsonNode)new JsonObject
        {
            ["JID"] = WahaIds.ChatId(member.Person.Address),
            ["PhoneNumber"] = member.Person.Phone is { } phone ? WahaIds.ChatId(phone) : null,
            ["LID"] = member.Person.Lid?.ToString(),
            ["IsAdmin"] = member.Role != GroupRole.Member,
            ["IsSuperAdmin"] = member.Role == GroupRole.SuperAdmin,
        })]);
        return shape;
    }

    /// <summary>Members as NOWEB lists them.</summary>
    public static JsonArray RawParticipants(GroupInfo info) => new([.. info.Members.Select(member => (JsonNode)new JsonObject
    {
        ["id"] = WahaIds.ChatId(member.Person.Address),
        ["phoneNumber"] = member.Person.Phone is { } phone ? WahaIds.ChatId(phone) : null,
        ["lid"] = member.Person.Lid?.ToString(),
        ["admin"] = member.Role switch { GroupRole.SuperAdmin => "superadmin", GroupRole.Admin => "admin", _ => null },
    })]);
}
