using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage.Labels;

namespace Footbridge.Server.Api.Labels;

/// <summary>Which labels are on which chats.</summary>
internal static class ChatLabels
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/{session}/labels/chats/{chatId}", OfChatAsync).WithTags("Labels");
        api.MapPut("/api/{session}/labels/chats/{chatId}", SetAsync).WithTags("Labels");
        api.MapGet("/api/{session}/labels/{labelId}/chats", ChatsAsync).WithTags("Labels").WithSummary("chats by id only");
    }

    private static async Task<JsonArray> OfChatAsync(string session, string chatId, SessionRegistry sessions, LabelTable labels, CancellationToken ct)
    {
        var chat = ChatIds.Parse(chatId);
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        return [.. labels.OfChat(session, await ChatIds.PartyAsync(live, chat, ct)).Select(LabelEndpoints.Shape)];
    }

    /// <summary>The body is the whole new set; what it lacks is taken off.</summary>
    private static async Task<IResult> SetAsync(string session, string chatId, RequestBody body, SessionRegistry sessions, LabelTable labels, CancellationToken ct)
    {
        var chat = ChatIds.Parse(chatId);
        var wanted = Read(body.Json);
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        foreach (var id in wanted) LabelEndpoints.Require(labels, session, id);
        var present = labels.OfChat(session, await ChatIds.PartyAsync(live, chat, ct)).Select(label => label.Id).ToHashSet();
        await live.Client.AppState.LabelChatAsync(chat, [.. wanted.Except(present)], [.. present.Except(wanted)], ct);
        return Results.Ok();
    }

    private static async Task<JsonArray> ChatsAsync(string session, string labelId, SessionRegistry sessions, LabelTable labels, CancellationToken ct)
    {
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        var label = LabelEndpoints.Require(labels, session, labelId);
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var chat in labels.ChatsOf(session, label.Id)) ids.Add(WahaIds.ChatId(await ChatIds.PartyAsync(live, chat, ct)));
        return [.. ids.Select(id => new JsonObject { ["id"] = id })];
    }

    private static HashSet<string> Read(JsonObject body)
    {
        if (body["labels"] is not JsonArray labels || !labels.All(label => label is JsonObject)) throw new InvalidRequestException("labels must be an array");
        return [.. labels.Select(label => Body.RequiredText(label!.AsObject(), "id"))];
    }
}
