using Footbridge.Engine.Messages.Contents;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Api.Chatting;

/// <summary>Texts: the operation, and the older operations that only send texts.</summary>
internal static class SendText
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/api/sendText", HandleAsync).WithTags("Chatting");
        api.MapPost("/api/reply", HandleAsync).WithTags("Chatting").WithSummary("as `sendText`");
        api.MapGet("/api/sendText", HandleGetAsync).WithTags("Chatting");
    }

    private static async Task<IResult> HandleAsync(
        RequestBody body, string? session, SessionRegistry sessions, IMessageArchive archive, LinkPreviews previews, CancellationToken ct)
    {
        var request = SendRequest.Read(body, session);
        var text = Body.Text(request.Fields, "text") ?? throw new InvalidRequestException("text must be a string");
        var (wantsPreview, isLarge) = (Body.Flag(request.Fields, "linkPreview") ?? true, Body.Flag(request.Fields, "linkPreviewHighQuality") ?? false);
        var live = await request.OpenAsync(sessions, ct);
        var preview = wantsPreview ? await previews.FindAsync(live, request.Chat, text, isLarge, ct) : null;
        return await request.SendAsync(live, TextContents.Text(text, await request.ContextAsync(live, archive, ct), preview), ct);
    }

    private static async Task<IResult> HandleGetAsync(string? phone, string? text, string? session, SessionRegistry sessions, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(phone)) throw new InvalidRequestException("phone should not be empty", "phone must be a string");
        if (text is null) throw new InvalidRequestException("text must be a string");
        var request = SendRequest.Read(new RequestBody(new() { ["chatId"] = phone }), session);
        var live = await request.OpenAsync(sessions, ct);
        return await request.SendAsync(live, TextContents.Text(text), ct, 200);
    }
}
