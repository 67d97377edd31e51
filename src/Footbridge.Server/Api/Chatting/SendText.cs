using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Chatting;

/// <summary>The road every text to WhatsApp takes, from HTTP clients and from apps.</summary>
internal static class SendText
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/api/sendText", HandleAsync).WithTags("Chatting")
        .WithSummary("to one person; `linkPreview` and `mentions` have no effect yet");

    /// <summary>Sends through a working session and returns when WhatsApp's server has the message.</summary>
    /// <exception cref="SessionNotWorkingException">The session is not linked and connected.</exception>
    public static async Task<SentMessage> SendAsync(SessionRegistry sessions, string session, OutgoingText text, CancellationToken ct)
    {
        var live = await sessions.WaitWorkingAsync(session, ct);
        return await live.SendTextAsync(text, ct);
    }

    private static async Task<IResult> HandleAsync(RequestBody body, string? session, SessionRegistry sessions, CancellationToken ct)
    {
        var request = body.Json;
        var to = WahaIds.ParseChatId(Body.RequiredText(request, "chatId")) ?? throw new InvalidRequestException("chatId is not a chat id");
        var text = Body.Text(request, "text") ?? throw new InvalidRequestException("text must be a string");
        var id = Body.Text(request, "id") is { Length: > 0 } given ? WahaIds.RawId(given) : MessageIds.Random();
        var live = await sessions.WaitForAsync(Body.Text(request, "session") is { Length: > 0 } name ? name : session ?? "default", SessionStatus.Working, ct);
        if (!to.IsUser) throw new NotInThisEngineException();
        var quote = Body.Text(request, "reply_to") is { Length: > 0 } replyTo ? new QuotedMessage(WahaIds.RawId(replyTo), AuthorOf(replyTo, to, live), null) : null;
        var sent = await live.SendTextAsync(new(id, to, text, quote), ct);
        return Results.Json(Describe(sent, text, quote), statusCode: 201);
    }

    /// <summary>Who wrote the quoted message, as its full id says; a raw id is taken for the other side's.</summary>
    private static Protocol.Xml.Jid AuthorOf(string replyTo, Protocol.Xml.Jid chat, Session live) => replyTo.Split('_') switch
    {
        ["true", ..] when WahaIds.ParseChatId(live.Me?.Id ?? "") is { } me => me,
        ["false", var author, ..] when WahaIds.ParseChatId(author) is { } jid => jid,
        _ => chat,
    };

    private static JsonObject Describe(SentMessage sent, string text, QuotedMessage? quote)
    {
        var chat = WahaIds.ChatId(sent.Chat);
        return new()
        {
            ["id"] = WahaIds.MessageId(true, chat, sent.Id),
            ["timestamp"] = sent.Time.ToUnixTimeSeconds(),
            ["from"] = chat,
            ["fromMe"] = true,
            ["source"] = "api",
            ["to"] = null,
            ["participant"] = null,
            ["body"] = text,
            ["hasMedia"] = false,
            ["media"] = null,
            ["ack"] = (int)AckLevel.Server,
            ["ackName"] = SessionEvents.AckName(AckLevel.Server),
            ["vCards"] = new JsonArray(),
            ["replyTo"] = quote is null ? null : new JsonObject { ["id"] = quote.Id },
            ["key"] = new JsonObject { ["id"] = sent.Id, ["remoteJid"] = sent.Chat.Address.ToString(), ["fromMe"] = true },
            ["_data"] = new JsonObject(),
        };
    }
}
