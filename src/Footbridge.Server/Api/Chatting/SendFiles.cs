using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Media;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Chatting;

/// <summary>Images, files, voice messages and videos: the file is brought here, made fit when asked to, uploaded, and sent.</summary>
internal static class SendFiles
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/api/sendImage", ImageAsync).WithTags("Chatting").WithSummary("thumbnail and size need ffmpeg");
        api.MapPost("/api/sendFile", FileAsync).WithTags("Chatting");
        api.MapPost("/api/sendVoice", VoiceAsync).WithTags("Chatting").WithSummary("`convert` needs ffmpeg");
        api.MapPost("/api/sendVideo", VideoAsync).WithTags("Chatting").WithSummary("`convert` and GIFs need ffmpeg");
    }

    private static async Task<IResult> ImageAsync(RequestBody body, string? session, SessionRegistry sessions, OutgoingFiles files, Transcoder transcoder, CancellationToken ct)
    {
        var request = FileRequest.Read(body, session);
        var live = await request.OpenAsync(sessions, ct);
        using var file = await files.OpenAsync(request.File, ct);
        return await SendAsync(request, live, MediaKind.Image, file, MediaContent.Image, transcoder, ct);
    }

    private static async Task<IResult> FileAsync(RequestBody body, string? session, SessionRegistry sessions, OutgoingFiles files, Transcoder transcoder, CancellationToken ct)
    {
        var request = FileRequest.Read(body, session);
        var live = await request.OpenAsync(sessions, ct);
        using var file = await files.OpenAsync(request.File, ct);
        return await SendAsync(request, live, MediaKind.Document, file, MediaContent.Document, transcoder, ct);
    }

    private static async Task<IResult> VoiceAsync(RequestBody body, string? session, SessionRegistry sessions, OutgoingFiles files, Transcoder transcoder, CancellationToken ct)
    {
        var request = FileRequest.Read(body, session);
        var converts = Body.Flag(request.Fields, "convert") ?? false;
        var live = await request.OpenAsync(sessions, ct);
        using var given = await files.OpenAsync(request.File, ct);
        using var converted = converts ? await transcoder.ToVoiceAsync(given, ct) : null;
        var file = converted ?? given;
        // Phones want the codec named; what is not Opus does not play there, as the caller was told.
        if (file.Essence == "audio/ogg") file = file with { Mimetype = Transcoder.VoiceMimetype };
        return await SendAsync(request, live, MediaKind.Audio, file, MediaContent.Voice, transcoder, ct);
    }

    private static async Task<IResult> VideoAsync(RequestBody body, string? session, SessionRegistry sessions, OutgoingFiles files, Transcoder transcoder, CancellationToken ct)
    {
        var request = FileRequest.Read(body, session);
        var (converts, asNote) = (Body.Flag(request.Fields, "convert") ?? false, Body.Flag(request.Fields, "asNote") ?? false);
        var live = await request.OpenAsync(sessions, ct);
        using var given = await files.OpenAsync(request.File, ct);
        var isGif = given.Essence == "image/gif";
        using var converted = converts || isGif ? await transcoder.ToVideoAsync(given, ct) : null;
        return await SendAsync(request, live, MediaKind.Video, converted ?? given, asNote ? MediaContent.VideoNote : isGif ? MediaContent.Gif : MediaContent.Video, transcoder, ct);
    }

    private static async Task<IResult> SendAsync(
        FileRequest request, Session live, MediaKind kind, OutgoingFile file, Func<UploadedMedia, MediaDetails, Message> build, Transcoder transcoder, CancellationToken ct)
    {
        var details = await transcoder.DescribeAsync(file, ct) with { Caption = request.Caption, Context = request.ContextFor(live) };
        await using var plain = file.Open();
        var media = await live.Client.Media.UploadAsync(kind, plain, ct);
        return await request.SendAsync(live, build(media, details), ct);
    }
}
