using System.Text.Json.Nodes;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Api.Chatting;

/// <summary>Texts with a link whose preview the caller makes, or that consist of a link.</summary>
internal static class SendLinks
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/api/send/link-custom-preview", SendCustomAsync).WithTags("Chatting").WithSummary("the picture must be a JPEG of at most 64 KiB, given as `data`");
        api.MapPost("/api/sendLinkPreview", SendLinkAsync).WithTags("Chatting");
    }

    private static async Task<IResult> SendCustomAsync(RequestBody body, string? session, SessionRegistry sessions, IMessageArchive archive, CancellationToken ct)
    {
        var request = SendRequest.Read(body, session);
        var text = Body.RequiredText(request.Fields, "text");
        var fields = Body.Object(request.Fields, "preview") ?? throw new InvalidRequestException("preview must be an object");
        var url = Body.RequiredText(fields, "url");
        if (!text.Contains(url, StringComparison.Ordinal)) throw new RuleException("The text must contain preview.url");
        var preview = new LinkPreview(url, Body.Text(fields, "title"), Body.Text(fields, "description"), ImageOf(fields));
        var live = await request.OpenAsync(sessions, ct);
        return await request.SendAsync(live, TextContents.Text(text, await request.ContextAsync(live, archive, ct), preview), ct);
    }

    private static async Task<IResult> SendLinkAsync(RequestBody body, string? session, SessionRegistry sessions, CancellationToken ct)
    {
        var request = SendRequest.Read(body, session);
        var (title, url) = (Body.RequiredText(request.Fields, "title"), Body.RequiredText(request.Fields, "url"));
        var live = await request.OpenAsync(sessions, ct);
        return await request.SendAsync(live, TextContents.Text($"{title}\n{url}", null, new(url, title, null, null)), ct);
    }

    /// <summary>A picture given as base64; one at an address needs media, and the preview goes without it.</summary>
    private static byte[]? ImageOf(JsonObject preview)
    {
        if (Body.Object(preview, "image") is not { } image || Body.Text(image, "data") is not { Length: > 0 } data) return null;
        var base64 = data.StartsWith("data:", StringComparison.Ordinal) ? data[(data.IndexOf(',') + 1)..] : data;
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : throw new InvalidRequestException("preview.image.data must be base64");
    }
}
