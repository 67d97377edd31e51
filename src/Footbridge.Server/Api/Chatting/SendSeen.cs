using Footbridge.Protocol.Xml;
using Footbridge.Server.Api.Chats;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage.Archive;

namespace Footbridge.Server.Api.Chatting;

/// <summary>Tells senders that their messages were read: named ones, or what is unread in a chat.</summary>
internal static class SendSeen
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/api/sendSeen", HandleAsync).WithTags("Chatting");

    private static async Task<IResult> HandleAsync(
        RequestBody body, string? session, SessionRegistry sessions, MessageArchive archive, MessageShapes shapes, TimeProvider time, CancellationToken ct)
    {
        var request = SendRequest.Read(body, session);
        var given = SendRequest.Texts(request.Fields, "messageIds").Concat(SendRequest.Texts(request.Fields, "messageId")).Select(MessageRef.Parse).Distinct().ToList();
        Jid? participant = Body.Text(request.Fields, "participant") is { Length: > 0 } text ? WahaIds.ParseChatId(text) ?? throw new InvalidRequestException("participant is not a chat id") : null;
        var live = await request.OpenAsync(sessions, ct);
        if (given.Count == 0) return Results.Json(await ReadMessages.MarkUnreadAsync(live, request.Chat, archive, shapes, time, ct), statusCode: 201);
        var theirs = given.Where(id => id.IsFromMe != true).ToList();
        foreach (var group in theirs.GroupBy(id => request.Chat.IsUser ? null : participant ?? id.Participant ?? archive.Find(live.Name, null, id.Id)?.Message.Sender.Address))
        {
            await live.Client.MarkReadAsync(request.Chat, group.Key, [.. group.Select(id => id.Id)], ct);
        }

        await archive.MarkReadAsync(live.Name, request.Chat, [.. theirs.Select(id => id.Id)], ct);
        return Results.StatusCode(201);
    }
}
