using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;
using Footbridge.Server.Storage.Archive;

namespace Footbridge.Server.Api.Chats;

/// <summary>Messages of a chat, or of all chats.</summary>
internal static class ListMessages
{
    /// <summary>In place of a chat: all of them.</summary>
    public const string All = "all";

    private const int UsualLimit = 10;
    private static readonly AckLevel[] Levels = Enum.GetValues<AckLevel>();

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/{session}/chats/{chatId}/messages", (string session, string chatId, HttpRequest request, SessionRegistry sessions, MessageArchive archive, MessageShapes shapes, CancellationToken ct) =>
            HandleAsync(session, chatId, request, sessions, archive, shapes, ct)).WithTags("Chats");
        api.MapGet("/api/messages", (HttpRequest request, SessionRegistry sessions, MessageArchive archive, MessageShapes shapes, CancellationToken ct) =>
            HandleAsync(QueryFields.Text(request, "session") ?? "default", QueryFields.RequiredText(request, "chatId"), request, sessions, archive, shapes, ct)).WithTags("Chatting");
    }

    /// <summary>The chat that a path means; null for all.</summary>
    public static Jid? ChatOf(string chatId) => chatId == All ? null : QueryFields.Chat(chatId, "chatId");

    private static async Task<JsonArray> HandleAsync(string session, string chatId, HttpRequest request, SessionRegistry sessions, MessageArchive archive, MessageShapes shapes, CancellationToken ct)
    {
        var chat = ChatOf(chatId);
        var (filter, page) = (Filter(request), QueryFields.Page(request, UsualLimit, isDescending: true));
        QueryFields.Choice(request, "sortBy", "timestamp", "messageTimestamp");
        QueryFields.Flag(request, "merge");
        var withMedia = QueryFields.Flag(request, "downloadMedia") ?? true;
        await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        var found = chat is { } one ? archive.OfChat(session, one, filter, page) : archive.OfAll(session, filter, page);
        return [.. found.Select(message => shapes.Of(session, message, withMedia))];
    }

    private static MessageFilter Filter(HttpRequest request) => new(
        QueryFields.Number(request, "filter.timestamp.gte"), QueryFields.Number(request, "filter.timestamp.lte"), QueryFields.Flag(request, "filter.fromMe"), Ack(request));

    private static AckLevel? Ack(HttpRequest request)
    {
        if (QueryFields.Text(request, "filter.ack") is not { } name) return null;
        foreach (var level in Levels)
        {
            if (AckPayloads.NameOf(level) == name) return level;
        }

        throw new InvalidRequestException("Invalid ack");
    }
}
