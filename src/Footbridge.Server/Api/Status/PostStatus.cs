using System.Text.Json.Nodes;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Api.Chatting;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage.Archive;

namespace Footbridge.Server.Api.Status;

/// <summary>Stories: posted as text and taken back.</summary>
internal static class PostStatus
{
    private const int LastFont = 10;
    private const uint White = 0xFFFFFFFF;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/api/{session}/status/text", TextAsync).WithTags("Status");
        api.MapPost("/api/{session}/status/delete", DeleteAsync).WithTags("Status");
        api.MapGet("/api/{session}/status/new-message-id", NewIdAsync).WithTags("Status");
    }

    private static Task<IResult> TextAsync(string session, RequestBody body, SessionRegistry sessions, ChatArchive archive, LinkPreviews previews, CancellationToken ct)
    {
        var text = Body.RequiredText(body.Json, "text");
        var (wantsPreview, isLarge) = (Body.Flag(body.Json, "linkPreview") ?? true, Body.Flag(body.Json, "linkPreviewHighQuality") ?? false);
        var request = StatusRequest.Read(session, body.Json, Body.Text(body.Json, "id"));
        var (color, font) = (StatusRequest.Color(body.Json), Font(body.Json));
        return request.PostAsync(sessions, archive, async live =>
        {
            var content = TextContents.Text(text, null, wantsPreview ? await previews.FindAsync(live, Jid.Status, text, isLarge, ct) : null);
            (content.ExtendedTextMessage.BackgroundArgb, content.ExtendedTextMessage.TextArgb, content.ExtendedTextMessage.Font) = (color, White, font);
            return content;
        }, ct);
    }

    private static Task<IResult> DeleteAsync(string session, RequestBody body, SessionRegistry sessions, ChatArchive archive, CancellationToken ct)
    {
        var target = WahaIds.RawId(Body.RequiredText(body.Json, "id"));
        var content = new Message
        {
            ProtocolMessage = new()
            {
                Type = Message.Types.ProtocolMessage.Types.Type.Revoke,
                Key = new() { RemoteJid = Jid.Status.ToString(), FromMe = true, Id = target },
            },
        };
        return StatusRequest.Read(session, body.Json, null).PostAsync(sessions, archive, _ => Task.FromResult(content), ct);
    }

    private static async Task<IResult> NewIdAsync(string session, SessionRegistry sessions, CancellationToken ct)
    {
        await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        return Results.Json(new JsonObject { ["id"] = MessageIds.Random() });
    }

    private static Message.Types.ExtendedTextMessage.Types.FontType Font(JsonObject body) =>
        body["font"] is null ? 0 : (Message.Types.ExtendedTextMessage.Types.FontType)Math.Clamp(Body.RequiredNumber(body, "font"), 0, LastFont);
}
