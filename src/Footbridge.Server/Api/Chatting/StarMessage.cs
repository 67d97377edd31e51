using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Chatting;

/// <summary>Stars a message on all devices of the account, or takes the star off.</summary>
internal static class StarMessage
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPut("/api/star", HandleAsync).WithTags("Chatting");

    private static async Task<IResult> HandleAsync(RequestBody body, string? session, SessionRegistry sessions, CancellationToken ct)
    {
        var request = body.Json;
        var id = Body.RequiredText(request, "messageId");
        var chat = ChatIds.Parse(Body.RequiredText(request, "chatId"));
        var isStarred = Body.Flag(request, "star") ?? throw new InvalidRequestException("star must be a boolean value");
        var live = await sessions.WaitForAsync(Body.Text(request, "session") is { Length: > 0 } name ? name : session ?? "default", SessionStatus.Working, ct);
        var (isFromMe, sender) = AuthorOf(id);
        await live.Client.AppState.StarAsync(chat, WahaIds.RawId(id), isFromMe, sender, isStarred, ct);
        return Results.Ok();
    }

    /// <summary>Whose message a full id says it is, and in a group who wrote it.</summary>
    /// <exception cref="InvalidRequestException">The id does not say.</exception>
    private static (bool IsFromMe, Jid? Sender) AuthorOf(string id) => id.Split('_') switch
    {
        ["true", _, _, ..] => (true, null),
        ["false", _, _] => (false, null),
        ["false", _, _, var participant] => (false, WahaIds.ParseChatId(participant)),
        _ => throw new InvalidRequestException("messageId must be a full message id, such as false_11111111111@c.us_AAAA"),
    };
}
