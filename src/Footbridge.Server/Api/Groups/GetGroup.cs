using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;

namespace Footbridge.Server.Api.Groups;

/// <summary>One group, and what is to be known of it.</summary>
internal static class GetGroup
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/{session}/groups/{id}", HandleAsync).WithTags("Groups").WithSummary("under the names of NOWEB and GOWS");
        api.MapGet("/api/{session}/groups/{id}/participants", ParticipantsAsync).WithTags("Groups");
        api.MapGet("/api/{session}/groups/{id}/participants/v2", ParticipantsV2Async).WithTags("Groups");
        api.MapGet("/api/{session}/groups/{id}/settings/security/info-admin-only", InfoAdminOnlyAsync).WithTags("Groups");
        api.MapGet("/api/{session}/groups/{id}/settings/security/messages-admin-only", MessagesAdminOnlyAsync).WithTags("Groups");
    }

    private static async Task<IResult> HandleAsync(string session, string id, SessionRegistry sessions, CancellationToken ct) =>
        Results.Json(GroupShapes.Full(await FindAsync(session, id, sessions, ct), withParticipants: true));

    private static async Task<IResult> ParticipantsAsync(string session, string id, SessionRegistry sessions, CancellationToken ct) =>
        Results.Json(GroupShapes.RawParticipants(await FindAsync(session, id, sessions, ct)));

    private static async Task<IResult> ParticipantsV2Async(string session, string id, SessionRegistry sessions, CancellationToken ct) =>
        Results.Json(GroupShapes.Participants(await FindAsync(session, id, sessions, ct)));

    private static async Task<IResult> InfoAdminOnlyAsync(string session, string id, SessionRegistry sessions, CancellationToken ct) =>
        Results.Json(new JsonObject { ["adminsOnly"] = (await FindAsync(session, id, sessions, ct)).IsLocked });

    private static async Task<IResult> MessagesAdminOnlyAsync(string session, string id, SessionRegistry sessions, CancellationToken ct) =>
        Results.Json(new JsonObject { ["adminsOnly"] = (await FindAsync(session, id, sessions, ct)).IsAnnounce });

    private static async Task<Engine.Groups.GroupInfo> FindAsync(string session, string id, SessionRegistry sessions, CancellationToken ct)
    {
        var group = GroupCall.GroupId(id);
        return await (await sessions.GroupsAsync(session, ct)).GetAsync(group, ct);
    }
}
