using System.Text.Json.Nodes;
using Footbridge.Engine.AppState;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Chats;

/// <summary>What a person can do with a whole chat in the list of chats.</summary>
internal static class ChangeChat
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/api/{session}/chats/{chatId}/archive", (string session, string chatId, SessionRegistry sessions, CancellationToken ct) =>
            CreatedAsync(sessions, session, chatId, (state, chat) => state.ArchiveAsync(chat, true, ct), ct)).WithTags("Chats");
        api.MapPost("/api/{session}/chats/{chatId}/unarchive", (string session, string chatId, SessionRegistry sessions, CancellationToken ct) =>
            CreatedAsync(sessions, session, chatId, (state, chat) => state.ArchiveAsync(chat, false, ct), ct)).WithTags("Chats");
        api.MapPost("/api/{session}/chats/{chatId}/unread", (string session, string chatId, SessionRegistry sessions, CancellationToken ct) =>
            CreatedAsync(sessions, session, chatId, (state, chat) => state.MarkReadAsync(chat, false, ct), ct)).WithTags("Chats");
        api.MapDelete("/api/{session}/chats/{chatId}", (string session, string chatId, SessionRegistry sessions, CancellationToken ct) =>
            OkAsync(sessions, session, chatId, (state, chat) => state.DeleteChatAsync(chat, ct), ct)).WithTags("Chats");
        api.MapDelete("/api/{session}/chats/{chatId}/messages", (string session, string chatId, SessionRegistry sessions, CancellationToken ct) =>
            OkAsync(sessions, session, chatId, (state, chat) => state.ClearChatAsync(chat, keepsStarred: false, ct), ct)).WithTags("Chats");
    }

    private static async Task<IResult> CreatedAsync(SessionRegistry sessions, string session, string chatId, Func<AppStateFeature, Jid, Task> change, CancellationToken ct)
    {
        await ChangeAsync(sessions, session, chatId, change, ct);
        return Results.Json(new JsonObject { ["success"] = true }, statusCode: 201);
    }

    private static async Task<IResult> OkAsync(SessionRegistry sessions, string session, string chatId, Func<AppStateFeature, Jid, Task> change, CancellationToken ct)
    {
        await ChangeAsync(sessions, session, chatId, change, ct);
        return Results.Ok();
    }

    private static async Task ChangeAsync(SessionRegistry sessions, string session, string chatId, Func<AppStateFeature, Jid, Task> change, CancellationToken ct)
    {
        var chat = ChatIds.Parse(chatId);
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        await change(live.Client.AppState, chat);
    }
}
