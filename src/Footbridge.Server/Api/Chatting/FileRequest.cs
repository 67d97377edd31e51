using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;
using Footbridge.Server.Telemetry;

namespace Footbridge.Server.Api.Chatting;

/// <summary>What the operations that send a file have in common.</summary>
/// <param name="File">WAHA's <c>{url|data, mimetype?, filename?}</c>.</param>
internal sealed record FileRequest(JsonObject Fields, string Session, Jid Chat, string Id, string? ReplyTo, JsonObject File, string? Caption)
{
    /// <param name="session">From the query; the body's goes first.</param>
    /// <exception cref="InvalidRequestException">A field is missing or of the wrong kind.</exception>
    public static FileRequest Read(RequestBody body, string? session)
    {
        var fields = body.Json;
        var chat = WahaIds.ParseChatId(Body.RequiredText(fields, "chatId")) ?? throw new InvalidRequestException("chatId is not a chat id");
        var file = Body.Object(fields, "file") ?? throw new InvalidRequestException("file should not be empty", "file must be an object");
        return new(
            fields,
            Body.Text(fields, "session") is { Length: > 0 } name ? name : session is { Length: > 0 } ? session : "default",
            chat,
            Body.Text(fields, "id") is { Length: > 0 } given ? WahaIds.RawId(given) : MessageIds.Random(),
            Body.Text(fields, "reply_to") is { Length: > 0 } replyTo ? replyTo : null,
            file,
            Body.Text(fields, "caption") is { Length: > 0 } caption ? caption : null);
    }

    /// <summary>The session, once it works.</summary>
    /// <exception cref="SessionNotWorkingException">It did not come to work in time.</exception>
    public async Task<Session> OpenAsync(SessionRegistry sessions, CancellationToken ct)
    {
        var live = await sessions.WaitForAsync(Session, SessionStatus.Working, ct);
        return Chat.IsUser ? live : throw new NotInThisEngineException();
    }

    /// <summary>The message that is answered, as far as its id tells; null when none is.</summary>
    public ContextInfo? ContextFor(Session live) => ReplyTo is null ? null : new()
    {
        StanzaId = WahaIds.RawId(ReplyTo),
        Participant = AuthorOf(ReplyTo, live).ToUser().ToString(),
        QuotedMessage = new() { Conversation = "" },
    };

    /// <summary>Sends and answers in the shape of a message, with the id also where clients of other engines look for it.</summary>
    public async Task<IResult> SendAsync(Session live, Message content, CancellationToken ct)
    {
        using var span = Traces.Send(Id);
        var sent = await live.Client.SendAsync(new(Id, Chat, content), ct);
        var me = WahaIds.ParseChatId(live.Me?.Id ?? "") ?? sent.Chat.Address;
        var message = new MessageReceived($"sent:{sent.Id}", sent.Time, sent.Id, sent.Chat, new(me, me, null), true, live.Me?.PushName, content, false) { Origin = MessageOrigin.Api };
        // The caller has the file: no address is given, and nothing is fetched back.
        var shape = MessagePayloads.Of(message, null);
        shape["hasMedia"] = true;
        shape["vCards"] = new JsonArray();
        shape["key"] = new JsonObject { ["id"] = sent.Id, ["remoteJid"] = sent.Chat.Address.ToString(), ["fromMe"] = true };
        return Results.Json(shape, statusCode: 201);
    }

    /// <summary>Who wrote the quoted message, as its full id says; a raw id is taken for the other side's.</summary>
    private Jid AuthorOf(string replyTo, Session live) => replyTo.Split('_') switch
    {
        ["true", ..] when WahaIds.ParseChatId(live.Me?.Id ?? "") is { } me => me,
        ["false", var author, ..] when WahaIds.ParseChatId(author) is { } jid => jid,
        _ => Chat,
    };
}
