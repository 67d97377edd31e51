using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage.Archive;

namespace Footbridge.Server.Api.Chats;

/// <summary>The chats of a session. A person is one chat whichever of its addresses is used, with <c>merge</c> or without.</summary>
internal static class ListChats
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/api/{session}/chats", HandleAsync).WithTags("Chats");

    private static async Task<JsonArray> HandleAsync(string session, HttpRequest request, SessionRegistry sessions, ChatArchive archive, CancellationToken ct)
    {
        var order = QueryFields.Choice(request, "sortBy", "conversationTimestamp", "messageTimestamp", "id", "name") switch
        {
            "id" => ChatOrder.Id,
            "name" => ChatOrder.Name,
            _ => ChatOrder.LastMessage,
        };
        QueryFields.Flag(request, "merge");
        var page = QueryFields.Page(request, null, isDescending: order == ChatOrder.LastMessage);
        await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        return [.. archive.List(session, order, page).Select(ChatShapes.Of)];
    }
}
