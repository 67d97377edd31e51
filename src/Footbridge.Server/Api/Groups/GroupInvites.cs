using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;

namespace Footbridge.Server.Api.Groups;

/// <summary>Links by which people join groups, given by code or as a whole.</summary>
internal static class GroupInvites
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/{session}/groups/join-info", LookUpAsync).WithTags("Groups");
        api.MapPost("/api/{session}/groups/join", JoinAsync).WithTags("Groups").WithSummary("also answers with the id when an admin has to approve first");
        api.MapGet("/api/{session}/groups/{id}/invite-code", GetAsync).WithTags("Groups");
        api.MapPost("/api/{session}/groups/{id}/invite-code/revoke", RevokeAsync).WithTags("Groups");
    }

    private static async Task<IResult> LookUpAsync(string session, string? code, SessionRegistry sessions, CancellationToken ct)
    {
        var bare = GroupCall.Code(code);
        return Results.Json(GroupShapes.Full(await (await sessions.GroupsAsync(session, ct)).LookUpInviteAsync(bare, ct), withParticipants: true));
    }

    private static async Task<IResult> JoinAsync(string session, RequestBody body, SessionRegistry sessions, CancellationToken ct)
    {
        var bare = GroupCall.Code(Body.Text(body.Json, "code"));
        var joining = await (await sessions.GroupsAsync(session, ct)).JoinAsync(bare, ct);
        return Results.Json(new JsonObject { ["id"] = joining.Group.ToString() });
    }

    private static async Task<IResult> GetAsync(string session, string id, SessionRegistry sessions, CancellationToken ct)
    {
        var group = GroupCall.GroupId(id);
        return Results.Json(JsonValue.Create(await (await sessions.GroupsAsync(session, ct)).GetInviteCodeAsync(group, ct)));
    }

    private static async Task<IResult> RevokeAsync(string session, string id, SessionRegistry sessions, CancellationToken ct)
    {
        var group = GroupCall.GroupId(id);
        return Results.Json(JsonValue.Create(await (await sessions.GroupsAsync(session, ct)).RevokeInviteCodeAsync(group, ct)));
    }
}
