using Footbridge.Engine.Messages.Contents;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Api.Chatting;

/// <summary>Texts with a link whose preview the caller makes, or that consist of a link.</summary>
internal static class SendLinks
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/api/send/link-custom-preview", SendCustomAsync).WithTags("Chatting").WithSummary("pictures other than JPEGs of at most 1 MiB need ffmpeg");
        api.MapPost("/api/sendLinkPreview", SendLinkAsync).WithTags("Chatting");
    }

    private static async Task<IResult> SendCustomAsync(
        RequestBody body, string? session, SessionRegistry sessions, IMessageArchive archive, OutgoingFiles files, LinkPictures pictures, CancellationToken ct)
    {
        var request = SendRequest.Read(body, session);
        var text = Body.RequiredText(request.Fields, "text");
        var fields = Body.Object(request.Fields, "preview") ?? throw new InvalidRequestException("preview must be an object");
        var url = Body.RequiredText(fields, "url");
        if (!text.Contains(url, StringComparison.Ordinal)) throw new RuleException("The text must contain preview.url");
        var preview = new LinkPreview(url, Body.Text(fields, "title"), Body.Text(fields, "description"), null);
        var (image, isLarge) = (Body.Object(fields, "image"), Body.Flag(request.Fields, "linkPreviewHighQuality") ?? true);
        var live = await request.OpenAsync(sessions, ct);
        if (image is { Count: > 0 })
        {
            using var file = await files.OpenAsync(image, ct);
            preview = await pictures.AddAsync(preview, file, live, request.Chat, isLarge, ct);
        }

        return await request.SendAsync(live, TextContents.Text(text, await request.ContextAsync(live, archive, ct), preview), ct);
    }

    private static async Task<IResult> SendLinkAsync(RequestBody body, string? session, SessionRegistry sessions, CancellationToken ct)
    {
        var request = SendRequest.Read(body, session);
        var (title, url) = (Body.RequiredText(request.Fields, "title"), Body.RequiredText(request.Fields, "url"));
        var live = await request.OpenAsync(sessions, ct);
        return await request.SendAsync(live, TextContents.Text($"{title}\n{url}", null, new(url, title, null, null)), ct);
    }
}
