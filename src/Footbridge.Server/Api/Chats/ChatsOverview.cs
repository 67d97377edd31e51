using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage.Archive;

namespace Footbridge.Server.Api.Chats;

/// <summary>Chats with their last message, for a list that people look at.</summary>
internal static class ChatsOverview
{
    private const int UsualLimit = 20;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/{session}/chats/overview", GetAsync).WithTags("Chats").WithSummary("`picture` is null here; the chat's own picture route has it");
        api.MapPost("/api/{session}/chats/overview", PostAsync).WithTags("Chats").WithSummary("`picture` is null here; the chat's own picture route has it");
    }

    private static async Task<JsonArray> GetAsync(string session, HttpRequest request, SessionRegistry sessions, ChatArchive chats, MessageArchive messages, MessageShapes shapes, CancellationToken ct)
    {
        QueryFields.Flag(request, "merge");
        var page = QueryFields.Page(request, UsualLimit, isDescending: true);
        var ids = request.Query["ids"].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)).ToList();
        await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        return Overview(session, ids, page, chats, messages, shapes);
    }

    private static async Task<IResult> PostAsync(string session, RequestBody body, SessionRegistry sessions, ChatArchive chats, MessageArchive messages, MessageShapes shapes, CancellationToken ct)
    {
        var pagination = Body.Object(body.Json, "pagination") ?? throw new InvalidRequestException("pagination should not be null or undefined", "pagination must be an object");
        var ids = Body.Object(body.Json, "filter")?["ids"] switch
        {
            null => [],
            JsonArray list => list.Select(id => id?.ToString() ?? "").ToList(),
            _ => throw new InvalidRequestException("filter.ids must be an array"),
        };
        var page = new ArchivePage(Number(pagination, "limit") ?? UsualLimit, Number(pagination, "offset") ?? 0, IsDescending: true);
        await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        return Results.Json(Overview(session, ids, page, chats, messages, shapes), statusCode: 201);
    }

    private static JsonArray Overview(string session, List<string> ids, ArchivePage page, ChatArchive chats, MessageArchive messages, MessageShapes shapes)
    {
        var found = ids.Count == 0 ? chats.List(session, ChatOrder.LastMessage, page) : Named(session, ids, page, chats);
        return [.. found.Select(chat => new JsonObject
        {
            ["id"] = WahaIds.ChatId(chat.Chat),
            ["name"] = chat.Name,
            ["picture"] = null,
            ["lastMessage"] = messages.LastOf(chat.Row) is { } last ? shapes.Of(session, last) : null,
            ["_chat"] = ChatShapes.Of(chat),
        })];
    }

    private static IEnumerable<ArchivedChat> Named(string session, List<string> ids, ArchivePage page, ChatArchive chats) => ids
        .Select(id => chats.Find(session, QueryFields.Chat(id, "ids"))).OfType<ArchivedChat>().DistinctBy(chat => chat.Row)
        .OrderByDescending(chat => chat.LastAt ?? DateTimeOffset.MinValue).Skip(page.Offset).Take(page.Limit ?? int.MaxValue);

    private static int? Number(JsonObject pagination, string name)
    {
        if (pagination[name] is null) return null;
        return Body.RequiredNumber(pagination, name) is >= 0 and <= int.MaxValue and var number ? (int)number : throw new InvalidRequestException($"{name} must be a number");
    }
}
