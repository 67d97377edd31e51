using System.Text.Json.Nodes;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Api.Chatting;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Api.Chats;

/// <summary>Edits, deletes and pins one message of a chat.</summary>
internal static class ChangeMessages
{
    private const string Path = "/api/{session}/chats/{chatId}/messages/{messageId}";
    private static readonly long[] Durations = [86_400, 604_800, 2_592_000];

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPut(Path, EditAsync).WithTags("Chats");
        api.MapDelete(Path, DeleteAsync).WithTags("Chats").WithSummary("what another wrote in a direct chat is deleted on the account's own devices only");
        api.MapPost(Path + "/pin", PinAsync).WithTags("Chats");
        api.MapPost(Path + "/unpin", UnpinAsync).WithTags("Chats");
    }

    private static async Task<IResult> EditAsync(
        RequestBody body, string session, string chatId, string messageId, SessionRegistry sessions, IMessageArchive archive, LinkPreviews previews, TimeProvider time, CancellationToken ct)
    {
        var (request, reference) = Read(body.Json, session, chatId, messageId);
        var text = Body.RequiredText(body.Json, "text");
        var (wantsPreview, isLarge) = (Body.Flag(body.Json, "linkPreview") ?? true, Body.Flag(body.Json, "linkPreviewHighQuality") ?? false);
        var live = await request.OpenAsync(sessions, ct);
        var target = await Quotes.TargetAsync(live, archive, reference with { IsFromMe = reference.IsFromMe ?? true }, request.Chat, ct);
        if (!target.IsFromMe) throw new RuleException("Only messages of the account itself can be edited");
        var original = (await archive.FindAsync(session, null, reference.Id, ct))?.Content;
        var context = new MessageContext { Mentions = request.Mentions, MentionsAll = request.MentionsAll };
        var preview = wantsPreview && original?.Attachment is null ? await previews.FindAsync(live, request.Chat, text, isLarge, ct) : null;
        return await request.SendAsync(live, ChangeContents.Edit(request.Chat, target, text, original, time.GetUtcNow(), context, preview), ct, 200);
    }

    /// <summary>For everybody where the account may; what another wrote in a direct chat goes from the account's own devices.</summary>
    private static async Task<IResult> DeleteAsync(string session, string chatId, string messageId, SessionRegistry sessions, IMessageArchive archive, CancellationToken ct)
    {
        var (request, reference) = Read([], session, chatId, messageId);
        var live = await request.OpenAsync(sessions, ct);
        var target = await Quotes.TargetAsync(live, archive, reference with { IsFromMe = reference.IsFromMe ?? true }, request.Chat, ct);
        if (!target.IsFromMe && request.Chat.IsUser)
        {
            var theirs = await archive.FindAsync(session, null, target.Id, ct) ?? throw new NotFoundException("Message not found");
            await live.Client.AppState.DeleteForMeAsync(request.Chat, target.Id, false, null, theirs.Time, true, ct);
            return Results.Json(new JsonObject { ["id"] = WahaIds.MessageId(false, WahaIds.ChatId(theirs.Chat), target.Id, null), ["deletedForMe"] = true });
        }

        return await request.SendAsync(live, ChangeContents.Revoke(request.Chat, target), ct, 200);
    }

    private static async Task<IResult> PinAsync(RequestBody body, string session, string chatId, string messageId, SessionRegistry sessions, IMessageArchive archive, TimeProvider time, CancellationToken ct)
    {
        var (request, reference) = Read(body.Json, session, chatId, messageId);
        var duration = Body.RequiredNumber(body.Json, "duration");
        if (!Durations.Contains(duration)) throw new InvalidRequestException($"duration must be one of the following values: {string.Join(", ", Durations)}");
        var live = await request.OpenAsync(sessions, ct);
        var target = await Quotes.TargetAsync(live, archive, reference, request.Chat, ct);
        await request.SendShapeAsync(live, ChangeContents.Pin(request.Chat, target, (uint)duration, time.GetUtcNow()), ct);
        return Results.Json(new JsonObject { ["success"] = true }, statusCode: 201);
    }

    private static async Task<IResult> UnpinAsync(string session, string chatId, string messageId, SessionRegistry sessions, IMessageArchive archive, TimeProvider time, CancellationToken ct)
    {
        var (request, reference) = Read([], session, chatId, messageId);
        var live = await request.OpenAsync(sessions, ct);
        var target = await Quotes.TargetAsync(live, archive, reference, request.Chat, ct);
        await request.SendShapeAsync(live, ChangeContents.Unpin(request.Chat, target, time.GetUtcNow()), ct);
        return Results.Json(new JsonObject { ["success"] = true }, statusCode: 201);
    }

    private static (SendRequest Request, MessageRef Reference) Read(JsonObject body, string session, string chatId, string messageId)
    {
        Jid chat = WahaIds.ParseChatId(chatId) ?? throw new InvalidRequestException("chatId is not a chat id");
        body.Remove("session");
        body.Remove("id");
        return (SendRequest.Read(body, session, chat), MessageRef.Parse(messageId));
    }
}
