using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;
using Microsoft.AspNetCore.Mvc;

namespace Footbridge.Server.Api.Groups;

/// <summary>The account's groups: listed, counted, asked for again.</summary>
internal static class ListGroups
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/{session}/groups", HandleAsync).WithTags("Groups").WithSummary("a list; each group under the names of NOWEB and GOWS");
        api.MapGet("/api/{session}/groups/count", CountAsync).WithTags("Groups");
        api.MapPost("/api/{session}/groups/refresh", RefreshAsync).WithTags("Groups");
    }

    private static async Task<IResult> HandleAsync(
        string session, string? sortBy, string? sortOrder, int? limit, int? offset, [FromQuery] string[]? exclude, SessionRegistry sessions, CancellationToken ct)
    {
        if (sortBy is not (null or "" or "id" or "subject")) throw new InvalidRequestException("sortBy must be one of the following values: id, subject");
        if (sortOrder is not (null or "" or "asc" or "desc")) throw new InvalidRequestException("sortOrder must be one of the following values: asc, desc");
        if (limit < 0 || offset < 0) throw new InvalidRequestException("limit and offset must not be negative");
        var groups = await (await sessions.GroupsAsync(session, ct)).ListAsync(ct);
        var sorted = groups.OrderBy(group => sortBy == "subject" ? group.Subject : group.Id.User, StringComparer.Ordinal).AsEnumerable();
        if (sortOrder == "desc") sorted = sorted.Reverse();
        var page = sorted.Skip(offset ?? 0).Take(limit ?? int.MaxValue);
        return Results.Json(new JsonArray([.. page.Select(group => (JsonNode)GroupShapes.Full(group, exclude?.Contains("participants") != true))]));
    }

    private static async Task<IResult> CountAsync(string session, SessionRegistry sessions, CancellationToken ct) =>
        Results.Json(new JsonObject { ["count"] = (await (await sessions.GroupsAsync(session, ct)).ListAsync(ct)).Count });

    private static async Task<IResult> RefreshAsync(string session, SessionRegistry sessions, CancellationToken ct)
    {
        await (await sessions.GroupsAsync(session, ct)).ListAsync(ct);
        return Results.Json(new JsonObject { ["success"] = true });
    }
}
