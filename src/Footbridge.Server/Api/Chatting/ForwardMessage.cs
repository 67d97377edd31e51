using Footbridge.Engine.Messages.Contents;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Api.Chatting;

/// <summary>Passes a known message on to another chat.</summary>
internal static class ForwardMessage
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/api/forwardMessage", HandleAsync).WithTags("Chatting");

    private static async Task<IResult> HandleAsync(RequestBody body, string? session, SessionRegistry sessions, IMessageArchive archive, ForwardedFiles files, CancellationToken ct)
    {
        var request = SendRequest.Read(body, session);
        var given = Body.RequiredText(request.Fields, "messageId");
        var reference = MessageRef.Parse(given);
        var live = await request.OpenAsync(sessions, ct);
        var known = await archive.FindAsync(live.Name, null, reference.Id, ct) ?? throw new RuleException($"Message with id '{given}' not found");
        return await request.SendAsync(live, await files.FitAsync(live, known, ForwardContents.Forward(known.Content, known.IsFromMe), request.Chat, ct), ct);
    }
}
