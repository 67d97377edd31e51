using System.Globalization;
using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;

namespace Footbridge.Server.Api.Status;

/// <summary>Stories: posted as text and taken back.</summary>
internal static class PostStatus
{
    private const string DefaultColor = "#38b42f";
    private const string NoAudience = "No participants to send status. Name them in 'contacts'";

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/api/{session}/status/text", TextAsync).WithTags("Status").WithSummary("`contacts` must name the audience; `linkPreview` has no effect yet");
        api.MapPost("/api/{session}/status/delete", DeleteAsync).WithTags("Status").WithSummary("`contacts` must name the audience");
        api.MapGet("/api/{session}/status/new-message-id", NewIdAsync).WithTags("Status");
    }

    private static async Task<IResult> TextAsync(string session, RequestBody body, SessionRegistry sessions, CancellationToken ct)
    {
        var text = Body.RequiredText(body.Json, "text");
        var id = Body.Text(body.Json, "id") is { Length: > 0 } given ? WahaIds.RawId(given) : MessageIds.Random();
        var content = new Message
        {
            ExtendedTextMessage = new() { Text = text, BackgroundArgb = Color(Body.Text(body.Json, "backgroundColor") ?? DefaultColor), TextArgb = 0xFFFFFFFF, Font = Font(body.Json) },
        };
        var sent = await PostAsync(session, id, content, body.Json, sessions, ct);
        return Results.Json(sent, statusCode: 201);
    }

    private static async Task<IResult> DeleteAsync(string session, RequestBody body, SessionRegistry sessions, CancellationToken ct)
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
        return Results.Json(await PostAsync(session, MessageIds.Random(), content, body.Json, sessions, ct), statusCode: 201);
    }

    private static async Task<IResult> NewIdAsync(string session, SessionRegistry sessions, CancellationToken ct)
    {
        await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        return Results.Json(new JsonObject { ["id"] = MessageIds.Random() });
    }

    private static async Task<JsonObject> PostAsync(string session, string id, Message content, JsonObject body, SessionRegistry sessions, CancellationToken ct)
    {
        var audience = Audience(body);
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        var sent = await live.Client.Status.PostAsync(new(id, content, audience), ct);
        return new()
        {
            ["id"] = WahaIds.MessageId(true, WahaIds.ChatId(sent.Chat), sent.Id, live.Me?.Id),
            ["timestamp"] = sent.Time.ToUnixTimeSeconds(),
            ["from"] = Jid.Status.ToString(),
            ["fromMe"] = true,
            ["source"] = "api",
            ["to"] = null,
            ["participant"] = live.Me?.Id,
            ["body"] = content.ExtendedTextMessage?.Text,
            ["hasMedia"] = false,
            ["ack"] = (int)AckLevel.Server,
            ["ackName"] = AckPayloads.NameOf(AckLevel.Server),
            ["key"] = new JsonObject { ["id"] = sent.Id, ["remoteJid"] = Jid.Status.ToString(), ["fromMe"] = true },
            ["_data"] = new JsonObject(),
        };
    }

    private static List<Jid> Audience(JsonObject body)
    {
        if (body["contacts"] is not JsonArray { Count: > 0 } contacts) throw new RuleException(NoAudience);
        return [.. contacts.Select(contact => WahaIds.ParseChatId(contact?.ToString() ?? "") is { IsUser: true } jid
            ? jid
            : throw new InvalidRequestException("contacts must be ids such as 12132132130@c.us"))];
    }

    private static uint Color(string text) =>
        text is ['#', .. { Length: 6 } digits] && uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb)
            ? 0xFF000000 | rgb
            : throw new InvalidRequestException("backgroundColor must be a color such as #38b42f");

    private static Message.Types.ExtendedTextMessage.Types.FontType Font(JsonObject body) =>
        body["font"] is null ? 0 : (Message.Types.ExtendedTextMessage.Types.FontType)Math.Clamp(Body.RequiredNumber(body, "font"), 0, 10);
}
