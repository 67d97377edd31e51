using System.Text.Json.Nodes;
using Footbridge.Engine.Groups;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Groups;

/// <summary>People added, removed, promoted and demoted; the answer says for each what became of it.</summary>
internal static class GroupMembersApi
{
    private const string Note = "a list with one status a person; who can only be invited has the invitation beside it";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/api/{session}/groups/{id}/participants/add", AddAsync).WithTags("Groups").WithSummary(Note);
        api.MapPost("/api/{session}/groups/{id}/participants/remove", RemoveAsync).WithTags("Groups").WithSummary(Note);
        api.MapPost("/api/{session}/groups/{id}/admin/promote", PromoteAsync).WithTags("Groups").WithSummary(Note);
        api.MapPost("/api/{session}/groups/{id}/admin/demote", DemoteAsync).WithTags("Groups").WithSummary(Note);
    }

    private static Task<IResult> AddAsync(string session, string id, RequestBody body, SessionRegistry sessions, CancellationToken ct) =>
        ChangeAsync(session, id, body, sessions, (groups, group, people) => groups.AddAsync(group, people, ct), ct);

    private static Task<IResult> RemoveAsync(string session, string id, RequestBody body, SessionRegistry sessions, CancellationToken ct) =>
        ChangeAsync(session, id, body, sessions, (groups, group, people) => groups.RemoveAsync(group, people, ct), ct);

    private static Task<IResult> PromoteAsync(string session, string id, RequestBody body, SessionRegistry sessions, CancellationToken ct) =>
        ChangeAsync(session, id, body, sessions, (groups, group, people) => groups.PromoteAsync(group, people, ct), ct);

    private static Task<IResult> DemoteAsync(string session, string id, RequestBody body, SessionRegistry sessions, CancellationToken ct) =>
        ChangeAsync(session, id, body, sessions, (groups, group, people) => groups.DemoteAsync(group, people, ct), ct);

    private static async Task<IResult> ChangeAsync(
        string session, string id, RequestBody body, SessionRegistry sessions, Func<GroupsFeature, Jid, IReadOnlyList<Jid>, Task<IReadOnlyList<MemberOutcome>>> change, CancellationToken ct)
    {
        var (group, people) = (GroupCall.GroupId(id), GroupCall.People(body.Json));
        var outcomes = await change(await sessions.GroupsAsync(session, ct), group, people);
        return Results.Json(new JsonArray([.. outcomes.Select(outcome => (JsonNode)Describe(outcome))]));
    }

    private static JsonObject Describe(MemberOutcome outcome) => new()
    {
        ["id"] = WahaIds.ChatId(outcome.Person),
        ["status"] = outcome.Code ?? 200,
        ["error"] = outcome.Error switch
        {
            null => null,
            MemberError.Blocked => "the person has blocked this account",
            MemberError.NotAllowedByPerson => "the person's privacy settings want an invitation instead",
            MemberError.NotFound => "the person is not on WhatsApp or not in the group",
            MemberError.LeftRecently => "the person left a short time ago",
            MemberError.AlreadyMember => "the person is in the group already",
            _ => "WhatsApp refused",
        },
        ["invitation"] = outcome.Invitation is { } invitation
            ? new JsonObject { ["code"] = invitation.Code, ["expiresAt"] = invitation.ExpiresAt.ToUnixTimeSeconds() }
            : null,
    };
}
