using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Api.Chatting;

/// <summary>Images, files, voice messages and videos.</summary>
internal static class SendFiles
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/api/sendImage", (RequestBody body, string? session, SessionRegistry sessions, IMessageArchive archive, FileMessages files, CancellationToken ct) =>
            SendAsync(body, session, sessions, archive, files.ImageAsync, ct)).WithTags("Chatting");
        api.MapPost("/api/sendFile", (RequestBody body, string? session, SessionRegistry sessions, IMessageArchive archive, FileMessages files, CancellationToken ct) =>
            SendAsync(body, session, sessions, archive, files.DocumentAsync, ct)).WithTags("Chatting");
        api.MapPost("/api/sendVoice", (RequestBody body, string? session, SessionRegistry sessions, IMessageArchive archive, FileMessages files, CancellationToken ct) =>
            SendAsync(body, session, sessions, archive, files.VoiceAsync, ct)).WithTags("Chatting").WithSummary("`convert` needs ffmpeg");
        api.MapPost("/api/sendVideo", (RequestBody body, string? session, SessionRegistry sessions, IMessageArchive archive, FileMessages files, CancellationToken ct) =>
            SendAsync(body, session, sessions, archive, files.VideoAsync, ct)).WithTags("Chatting").WithSummary("`convert` and GIFs need ffmpeg");
    }

    private static async Task<IResult> SendAsync(
        RequestBody body, string? session, SessionRegistry sessions, IMessageArchive archive, Func<Session, Jid, FileFields, MessageContext, CancellationToken, Task<UploadedMessage>> build, CancellationToken ct)
    {
        var request = SendRequest.Read(body, session);
        var file = FileFields.Read(request.Fields);
        var live = await request.OpenAsync(sessions, ct);
        return await request.SendAsync(live, await build(live, request.Chat, file, await request.ContextAsync(live, archive, ct), ct), ct);
    }
}
