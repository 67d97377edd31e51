using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage.Archive;

namespace Footbridge.Server.Api.Chats;

/// <summary>Marks what is unread in a chat as read, here and at the other side.</summary>
internal static class ReadMessages
{
    private const int UsualDays = 7;
    private const int UsualInDirect = 30;
    private const int UsualInGroup = 100;

    /// <summary>More than anybody reads at once; a receipt of so many ids is still one stanza.</summary>
    private const int Most = 1000;

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/api/{session}/chats/{chatId}/messages/read", HandleAsync).WithTags("Chats")
        .WithSummary("`messages` (30 in direct chats, 100 in groups) and `days` (7) in query or body");

    private static async Task<IResult> HandleAsync(
        string session, string chatId, RequestBody body, HttpRequest request, SessionRegistry sessions, MessageArchive archive, MessageShapes shapes, TimeProvider time, CancellationToken ct)
    {
        var chat = QueryFields.Chat(chatId, "chatId");
        var limit = Number(request, body, "messages", chat.IsUser ? UsualInDirect : UsualInGroup, Most);
        var days = Number(request, body, "days", UsualDays, 3650);
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        var unread = archive.Unread(session, chat, time.GetUtcNow() - TimeSpan.FromDays(days), limit);
        await MarkAsync(live, chat, unread, ct);
        await archive.MarkReadAsync(session, chat, [.. unread.Select(message => message.Message.MessageId)], ct);
        return Results.Json(new JsonObject { ["ids"] = new JsonArray([.. unread.Select(message => (JsonNode)shapes.Of(session, message)["id"]!.ToString())]) }, statusCode: 201);
    }

    private static Task MarkAsync(Session live, Jid chat, IReadOnlyList<ArchivedMessage> unread, CancellationToken ct)
    {
        if (unread.Count == 0) return Task.CompletedTask;
        if (!chat.IsUser) throw new NotInThisEngineException();
        return live.MarkReadAsync(chat, [.. unread.Select(message => message.Message.MessageId)], ct);
    }

    private static int Number(HttpRequest request, RequestBody body, string name, int usual, int most)
    {
        var given = QueryFields.Number(request, name) ?? (body.Json[name] is null ? null : Body.RequiredNumber(body.Json, name));
        return given switch
        {
            null => usual,
            < 0 => throw new InvalidRequestException($"{name} must not be less than 0"),
            { } number => (int)Math.Min(number, most),
        };
    }
}
