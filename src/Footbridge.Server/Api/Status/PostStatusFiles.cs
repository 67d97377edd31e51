using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Api.Chatting;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage.Archive;

namespace Footbridge.Server.Api.Status;

/// <summary>Stories of images, voice messages and videos.</summary>
internal static class PostStatusFiles
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/api/{session}/status/image", ImageAsync).WithTags("Status");
        api.MapPost("/api/{session}/status/voice", VoiceAsync).WithTags("Status").WithSummary("`convert` needs ffmpeg");
        api.MapPost("/api/{session}/status/video", VideoAsync).WithTags("Status").WithSummary("`convert` and GIFs need ffmpeg");
    }

    private static Task<IResult> ImageAsync(string session, RequestBody body, SessionRegistry sessions, ChatArchive archive, FileMessages files, CancellationToken ct)
    {
        var (request, file) = (StatusRequest.Read(session, body.Json, Body.Text(body.Json, "id")), FileFields.Read(body.Json));
        return request.PostAsync(sessions, archive, async live => (await files.ImageAsync(live, Jid.Status, file, MessageContext.None, ct)).Content, ct);
    }

    private static Task<IResult> VoiceAsync(string session, RequestBody body, SessionRegistry sessions, ChatArchive archive, FileMessages files, CancellationToken ct)
    {
        var (request, file, color) = (StatusRequest.Read(session, body.Json, Body.Text(body.Json, "id")), FileFields.Read(body.Json), StatusRequest.Color(body.Json));
        return request.PostAsync(sessions, archive, async live =>
        {
            var content = (await files.VoiceAsync(live, Jid.Status, file, MessageContext.None, ct)).Content;
            content.AudioMessage.BackgroundArgb = color;
            return content;
        }, ct);
    }

    private static Task<IResult> VideoAsync(string session, RequestBody body, SessionRegistry sessions, ChatArchive archive, FileMessages files, CancellationToken ct)
    {
        // There are no round stories.
        var (request, file) = (StatusRequest.Read(session, body.Json, Body.Text(body.Json, "id")), FileFields.Read(body.Json) with { IsNote = false });
        return request.PostAsync(sessions, archive, async live => (await files.VideoAsync(live, Jid.Status, file, MessageContext.None, ct)).Content, ct);
    }
}
