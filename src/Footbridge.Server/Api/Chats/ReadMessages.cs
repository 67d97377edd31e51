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
        return Results.Json(await MarkUnreadAsync(live, chat, limit, days, archive, shapes, time, ct), statusCode: 201);
    }

    /// <summary>As if a person had opened the chat: the usual number of messages of the last days.</summary>
    public static Task<JsonObject> MarkUnreadAsync(Session live, Jid chat, MessageArchive archive, MessageShapes shapes, TimeProvider time, CancellationToken ct) =>
        MarkUnreadAsync(live, chat, chat.IsUser ? UsualInDirect : UsualInGroup, UsualDays, archive, shapes, time, ct);

    private static async Task<JsonObject> MarkUnreadAsync(
        Session live, Jid chat, int limit, int days, MessageArchive archive, MessageShapes shapes, TimeProvider time, CancellationToken ct)
    {
        var unread = archive.Unread(live.Name, chat, time.GetUtcNow() - TimeSpan.FromDays(days), limit);
        foreach (var group in unread.GroupBy(message => chat.IsUser ? (Jid?)null : message.Message.Sender.Address))
        {
            await live.Client.MarkReadAsync(chat, group.Key, [.. group.Select(message => message.Message.MessageId)], ct);
        }

        await archive.MarkReadAsync(live.Name, chat, [.. unread.Select(message => message.Message.MessageId)], ct);
        return new() { ["ids"] = new JsonArray([.. unread.Select(message => (JsonNode)shapes.Of(live.Name, message)["id"]!.ToString())]) };
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
