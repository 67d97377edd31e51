using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;
using Footbridge.Server.Telemetry;

namespace Footbridge.Server.Api.Chatting;

/// <summary>What all send operations have in common: where to, through which session, under which id, as an answer to what.</summary>
internal sealed class SendRequest
{
    private SendRequest(JsonObject fields, string session, Jid chat) => (Fields, Session, Chat) = (fields, session, chat);

    /// <summary>The whole body, for the fields of one operation.</summary>
    public JsonObject Fields { get; }

    public string Session { get; }

    public Jid Chat { get; }

    /// <summary>The raw id the message goes out under: the caller's, else a random one.</summary>
    public required string Id { get; init; }

    public MessageRef? ReplyTo { get; init; }

    public IReadOnlyList<Jid> Mentions { get; init; } = [];

    /// <summary>Everybody in the group is mentioned.</summary>
    public bool MentionsAll { get; init; }

    /// <summary>Reads the common fields; checks nothing that needs the session.</summary>
    /// <param name="session">From the query; the body's goes first.</param>
    /// <exception cref="InvalidRequestException">A field is missing or of the wrong kind.</exception>
    public static SendRequest Read(RequestBody body, string? session)
    {
        var fields = body.Json;
        var chat = WahaIds.ParseChatId(Body.RequiredText(fields, "chatId")) ?? throw new InvalidRequestException("chatId is not a chat id");
        return Read(fields, session, chat);
    }

    /// <summary>For operations that have the chat in their path.</summary>
    public static SendRequest Read(JsonObject fields, string? session, Jid chat)
    {
        var mentions = Texts(fields, "mentions");
        var all = mentions.Contains("all", StringComparer.OrdinalIgnoreCase);
        if (all && !chat.IsGroup) throw new RuleException("mentions: \"all\" works in groups only");
        return new(fields, Body.Text(fields, "session") is { Length: > 0 } name ? name : session is { Length: > 0 } ? session : "default", chat)
        {
            Id = Body.Text(fields, "id") is { Length: > 0 } given ? MessageRef.Parse(given).Id : MessageIds.Random(),
            ReplyTo = Reference(fields, "reply_to"),
            Mentions = [.. mentions.Where(m => !m.Equals("all", StringComparison.OrdinalIgnoreCase)).Select(m =>
                WahaIds.ParseChatId(m) is { IsUser: true } person ? person : throw new InvalidRequestException("each value in mentions must be a person's id"))],
            MentionsAll = all,
        };
    }

    /// <summary>A message id in a field, in any form; null, absent and empty are none. One that cannot be an id is none too: the send must not fail for its quote.</summary>
    public static MessageRef? Reference(JsonObject fields, string name) =>
        Body.Text(fields, name) is { Length: > 0 } text && MessageRef.TryParse(text, out var reference) ? reference : null;

    /// <summary>A list of texts; null is empty and a single text a list of one.</summary>
    public static IReadOnlyList<string> Texts(JsonObject fields, string name) => fields[name] switch
    {
        null => [],
        JsonValue => Body.Text(fields, name) is { Length: > 0 } one ? [one] : [],
        JsonArray list => [.. list.Select(item => item is JsonValue value ? value.ToString() : throw new InvalidRequestException($"each value in {name} must be a string"))],
        _ => throw new InvalidRequestException($"{name} must be an array"),
    };

    /// <summary>The session, once it works.</summary>
    /// <exception cref="SessionNotWorkingException">It did not come to work in time.</exception>
    /// <exception cref="NotInThisEngineException">Messages to this kind of chat cannot be sent.</exception>
    public async Task<Session> OpenAsync(SessionRegistry sessions, CancellationToken ct)
    {
        var live = await sessions.WaitForAsync(Session, SessionStatus.Working, ct);
        return live.Client.CanSendTo(Chat) ? live : throw new NotInThisEngineException();
    }

    /// <summary>The quote and the mentions as the message carries them; an unknown quote is sent as far as its id tells.</summary>
    public async ValueTask<MessageContext> ContextAsync(Session live, IMessageArchive archive, CancellationToken ct) => new()
    {
        Quote = ReplyTo is { } reference ? await Quotes.FindAsync(live, archive, reference, Chat, ct) : null,
        Mentions = Mentions,
        MentionsAll = MentionsAll,
    };

    /// <summary>Sends and returns what the operation answers, with status 201.</summary>
    public async Task<IResult> SendAsync(Session live, Message content, CancellationToken ct, int status = 201) => Results.Json(await SendShapeAsync(live, content, ct), statusCode: status);

    /// <inheritdoc cref="SendAsync(Session, Message, CancellationToken, int)"/>
    public async Task<IResult> SendAsync(Session live, UploadedMessage message, CancellationToken ct) => Results.Json(await SendShapeAsync(live, message.Content, ct, message.Handle), statusCode: 201);

    /// <summary>Sends and returns the sent message's shape.</summary>
    /// <param name="mediaHandle">Of a file in a channel.</param>
    public async Task<JsonObject> SendShapeAsync(Session live, Message content, CancellationToken ct, string? mediaHandle = null)
    {
        using var span = Traces.Send(Id);
        var sent = await live.Client.SendAsync(new(Id, Chat, content) { MediaHandle = mediaHandle }, ct);
        return SentShape.Of(sent, content, live.Me);
    }
}
