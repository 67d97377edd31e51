using System.Text.Json.Nodes;
using Footbridge.Engine.Presence;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;

namespace Footbridge.Server.Api.Presence;

/// <summary>Presence of the account and of others.</summary>
internal static class PresenceEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/api/{session}/presence", SetAsync).WithTags("Presence");
        api.MapGet("/api/{session}/presence", ListAsync).WithTags("Presence");
        api.MapGet("/api/{session}/presence/{chatId}", GetAsync).WithTags("Presence");
        api.MapPost("/api/{session}/presence/{chatId}/subscribe", SubscribeAsync).WithTags("Presence");
        api.MapPost("/api/startTyping", (RequestBody body, string? session, SessionRegistry sessions, CancellationToken ct) =>
            TypeAsync(body, session, PresenceKind.Typing, sessions, ct)).WithTags("Chatting");
        api.MapPost("/api/stopTyping", (RequestBody body, string? session, SessionRegistry sessions, CancellationToken ct) =>
            TypeAsync(body, session, PresenceKind.Paused, sessions, ct)).WithTags("Chatting");
    }

    private static async Task<IResult> SetAsync(string session, RequestBody body, SessionRegistry sessions, CancellationToken ct)
    {
        var name = Body.RequiredText(body.Json, "presence");
        var kind = PresencePayloads.KindOf(name) ?? throw new InvalidRequestException("presence must be one of the following values: offline, online, typing, recording, paused");
        var chatId = Body.Text(body.Json, "chatId");
        var isGlobal = kind is PresenceKind.Online or PresenceKind.Offline;
        if (isGlobal && !string.IsNullOrEmpty(chatId)) throw new DetailException($"'{name}' presence works on the global scope and doesn't require 'chatId' field.");
        if (!isGlobal && string.IsNullOrEmpty(chatId)) throw new DetailException($"'{name}' presence requires 'chatId' field.");
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        if (isGlobal) live.Client.Presence.SetOwn(kind == PresenceKind.Online);
        else await live.Client.Presence.TellChatAsync(QueryText.ChatId(chatId, "chatId"), kind, ct);
        return Results.StatusCode(201);
    }

    private static async Task<JsonArray> ListAsync(string session, SessionRegistry sessions, CancellationToken ct)
    {
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        return [.. live.Client.Presence.GetAll().GroupBy(update => WahaIds.ChatId(update.Chat), StringComparer.Ordinal).Select(chat => (JsonNode)PresencePayloads.Of(chat.Key, chat))];
    }

    private static async Task<JsonObject> GetAsync(string session, string chatId, SessionRegistry sessions, CancellationToken ct)
    {
        var chat = QueryText.ChatId(chatId, "chatId");
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        if (!live.Client.Presence.IsSubscribed(chat)) await live.Client.Presence.SubscribeAsync(chat, ct);
        return PresencePayloads.Of(await IdAsync(live, chat, ct), await live.Client.Presence.GetAsync(chat, ct));
    }

    private static async Task<IResult> SubscribeAsync(string session, string chatId, SessionRegistry sessions, CancellationToken ct)
    {
        var chat = QueryText.ChatId(chatId, "chatId");
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        await live.Client.Presence.SubscribeAsync(chat, ct);
        return Results.StatusCode(201);
    }

    private static async Task<IResult> TypeAsync(RequestBody body, string? session, PresenceKind kind, SessionRegistry sessions, CancellationToken ct)
    {
        var chat = QueryText.ChatId(Body.RequiredText(body.Json, "chatId"), "chatId");
        var live = await sessions.WaitForAsync(Body.Text(body.Json, "session") is { Length: > 0 } name ? name : session ?? "default", SessionStatus.Working, ct);
        await live.Client.Presence.TellChatAsync(chat, kind, ct);
        return Results.StatusCode(201);
    }

    private static async ValueTask<string> IdAsync(Session live, Jid chat, CancellationToken ct) =>
        WahaIds.ChatId(chat.IsLid && await live.FindTwinAsync(chat, ct) is { } phone ? phone : chat);
}
