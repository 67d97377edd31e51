using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage.Archive;

namespace Footbridge.Server.Api.Chats;

/// <summary>One message by its full or raw id.</summary>
internal static class GetMessage
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/api/{session}/chats/{chatId}/messages/{messageId}", HandleAsync).WithTags("Chats");

    private static async Task<JsonObject> HandleAsync(
        string session, string chatId, string messageId, HttpRequest request, SessionRegistry sessions, MessageArchive archive, MessageShapes shapes, CancellationToken ct)
    {
        var chat = ListMessages.ChatOf(chatId);
        QueryFields.Flag(request, "merge");
        var withMedia = QueryFields.Flag(request, "downloadMedia") ?? true;
        await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        return shapes.Of(session, archive.Find(session, chat, messageId) ?? throw new SessionNotFoundException("Message not found"), withMedia);
    }
}
