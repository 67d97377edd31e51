using System.Text.Json.Nodes;
using Footbridge.Engine.Messages;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Chatting;

/// <summary>An id that a later send can use, so that the caller knows it beforehand.</summary>
internal static class NewMessageId
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/api/{session}/new-message-id", HandleAsync).WithTags("Chatting");

    private static async Task<IResult> HandleAsync(string session, SessionRegistry sessions, CancellationToken ct)
    {
        await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        return Results.Json(new JsonObject { ["id"] = MessageIds.Random() });
    }
}
