using Footbridge.Engine.Messages.Contents;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Api.Chatting;

/// <summary>Reactions; the chat stands in the message's full id.</summary>
internal static class React
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPut("/api/reaction", HandleAsync).WithTags("Chatting");

    private static async Task<IResult> HandleAsync(RequestBody body, string? session, SessionRegistry sessions, IMessageArchive archive, TimeProvider time, CancellationToken ct)
    {
        var reference = MessageRef.Parse(Body.RequiredText(body.Json, "messageId"));
        var emoji = Body.Text(body.Json, "reaction") ?? throw new InvalidRequestException("reaction must be a string");
        var chat = reference.Chat ?? throw new InvalidRequestException(MessageRef.Format);
        var request = SendRequest.Read(body.Json, session, chat);
        var live = await request.OpenAsync(sessions, ct);
        var target = await Quotes.TargetAsync(live, archive, reference, chat, ct);
        return await request.SendAsync(live, ChangeContents.Reaction(chat, target, emoji, time.GetUtcNow()), ct, 200);
    }
}
