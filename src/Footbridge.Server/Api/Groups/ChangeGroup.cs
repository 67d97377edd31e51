using System.Text.Json.Nodes;
using Footbridge.Engine.Groups;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;

namespace Footbridge.Server.Api.Groups;

/// <summary>Groups made, left, named, described and closed.</summary>
internal static class ChangeGroup
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/api/{session}/groups", CreateAsync).WithTags("Groups");
        api.MapPost("/api/{session}/groups/{id}/leave", LeaveAsync).WithTags("Groups");
        api.MapPut("/api/{session}/groups/{id}/subject", SubjectAsync).WithTags("Groups");
        api.MapPut("/api/{session}/groups/{id}/description", DescriptionAsync).WithTags("Groups");
        api.MapPut("/api/{session}/groups/{id}/settings/security/info-admin-only", InfoAdminOnlyAsync).WithTags("Groups");
        api.MapPut("/api/{session}/groups/{id}/settings/security/messages-admin-only", MessagesAdminOnlyAsync).WithTags("Groups");
    }

    private static async Task<IResult> CreateAsync(string session, RequestBody body, SessionRegistry sessions, CancellationToken ct)
    {
        var name = Subject(Body.RequiredText(body.Json, "name"), "name");
        var people = GroupCall.People(body.Json);
        var made = await (await sessions.GroupsAsync(session, ct)).CreateAsync(name, people, ct);
        return Results.Json(GroupShapes.Full(made, withParticipants: true), statusCode: 201);
    }

    private static async Task<IResult> LeaveAsync(string session, string id, SessionRegistry sessions, CancellationToken ct)
    {
        var group = GroupCall.GroupId(id);
        await (await sessions.GroupsAsync(session, ct)).LeaveAsync(group, ct);
        return Results.Ok();
    }

    private static Task<IResult> SubjectAsync(string session, string id, RequestBody body, SessionRegistry sessions, CancellationToken ct)
    {
        var subject = Subject(Body.RequiredText(body.Json, "subject"), "subject");
        return SetAsync(session, id, sessions, (groups, group) => groups.SetSubjectAsync(group, subject, ct), ct);
    }

    private static Task<IResult> DescriptionAsync(string session, string id, RequestBody body, SessionRegistry sessions, CancellationToken ct)
    {
        var description = Body.Text(body.Json, "description") ?? throw new InvalidRequestException("description must be a string");
        return SetAsync(session, id, sessions, (groups, group) => groups.SetDescriptionAsync(group, description, ct), ct);
    }

    private static Task<IResult> InfoAdminOnlyAsync(string session, string id, RequestBody body, SessionRegistry sessions, CancellationToken ct)
    {
        var adminsOnly = AdminsOnly(body.Json);
        return SetAsync(session, id, sessions, (groups, group) => groups.SetLockedAsync(group, adminsOnly, ct), ct);
    }

    private static Task<IResult> MessagesAdminOnlyAsync(string session, string id, RequestBody body, SessionRegistry sessions, CancellationToken ct)
    {
        var adminsOnly = AdminsOnly(body.Json);
        return SetAsync(session, id, sessions, (groups, group) => groups.SetAnnounceAsync(group, adminsOnly, ct), ct);
    }

    private static async Task<IResult> SetAsync(string session, string id, SessionRegistry sessions, Func<GroupsFeature, Jid, Task> change, CancellationToken ct)
    {
        var group = GroupCall.GroupId(id);
        await change(await sessions.GroupsAsync(session, ct), group);
        return Results.Json(JsonValue.Create(true));
    }

    private static bool AdminsOnly(JsonObject body) => Body.Flag(body, "adminsOnly") ?? throw new InvalidRequestException("adminsOnly must be a boolean value");

    private static string Subject(string text, string field) =>
        text.Length <= GroupsFeature.MaxSubjectLength ? text : throw new InvalidRequestException($"{field} must be shorter than or equal to {GroupsFeature.MaxSubjectLength} characters");
}
