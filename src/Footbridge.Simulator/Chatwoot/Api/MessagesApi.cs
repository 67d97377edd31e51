using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.State;

namespace Footbridge.Simulator.Chatwoot.Api;

/// <summary>Messages of a conversation.</summary>
internal sealed class MessagesApi(SimStore store, Desk desk)
{
    private const int PageSize = 20;
    private const int PageAfter = 100;
    private const int PageBetween = 1000;

    public void Map(IEndpointRouteBuilder web)
    {
        var messages = web.MapGroup("/api/v1/accounts/{account:long}/conversations/{id:long}/messages");
        messages.MapGet("", List);
        messages.MapPost("", CreateAsync);
        messages.MapPatch("/{message:long}", SetStatus);
        messages.MapDelete("/{message:long}", Delete);
        messages.MapPost("/{message:long}/retry", Retry);
    }

    public static async Task<(JsonObject Body, List<(string Name, string ContentType, byte[] Bytes)> Files)> ReadAsync(HttpRequest request)
    {
        if (!request.HasFormContentType) return ((await request.ReadFromJsonAsync<JsonObject>())!, []);
        var form = await request.ReadFormAsync();
        var body = new JsonObject();
        foreach (var (key, value) in form) body[key] = value.ToString();
        var files = new List<(string, string, byte[])>();
        foreach (var file in form.Files)
        {
            using var bytes = new MemoryStream();
            await file.CopyToAsync(bytes);
            files.Add((file.FileName, file.ContentType, bytes.ToArray()));
        }

        return (body, files);
    }

    private SimConversation Conversation(long id) => store.Read((_, conversations) => conversations.GetValueOrDefault(id)) ?? throw SimRefusal.NotFound();

    private SimMessage Message(long conversation, long id) => store.FindMessage(id) is { } found && found.ConversationId == conversation ? found : throw SimRefusal.NotFound();

    private JsonObject Shape(SimMessage message, string? echoId = null) => store.Read((_, conversations) => Shapes.Message(message, conversations[message.ConversationId], echoId));

    /// <summary>The newest 20 in their order; 20 before an id, 100 after one, or all from one up to another.</summary>
    private JsonObject List(long id, long? before, long? after)
    {
        var conversation = Conversation(id);
        var all = store.Read((_, _) => conversation.Messages.ToList());
        IEnumerable<SimMessage> chosen = (before, after) switch
        {
            ({ } until, { } from) => all.Where(m => m.Id >= from && m.Id < until).Take(PageBetween),
            ({ } until, null) => all.Where(m => m.Id < until).TakeLast(PageSize),
            (null, { } from) => all.Where(m => m.Id > from).Take(PageAfter),
            _ => all.TakeLast(PageSize),
        };
        return new()
        {
            ["meta"] = new JsonObject { ["labels"] = Shapes.LabelsOf(conversation), ["additional_attributes"] = new JsonObject(), ["contact"] = Shapes.Typed(conversation.Contact), ["agent_last_seen_at"] = null, ["assignee_last_seen_at"] = null },
            ["payload"] = new JsonArray([.. store.Read((_, _) => chosen.Select(m => Shapes.Message(m, conversation)).ToList())]),
        };
    }

    private async Task<JsonObject> CreateAsync(long id, HttpRequest request)
    {
        var (body, files) = await ReadAsync(request);
        // The callbacks of a message that the API creates go out while its answer is on the way: that is the echo a bridge must know.
        var (message, _) = desk.Add(id, body, files, isFromAgent: false) ?? throw SimRefusal.NotFound();
        return Shape(message, body["echo_id"]?.ToString());
    }

    private JsonObject SetStatus(long id, long message, JsonObject body)
    {
        var found = Message(id, message);
        _ = desk.SetStatusAsync(found, body["status"]?.ToString(), body["external_error"]?.ToString());
        return Shape(found);
    }

    private JsonObject Delete(long id, long message)
    {
        var found = Message(id, message);
        _ = desk.DeleteAsync(found);
        return Shape(found);
    }

    private JsonObject Retry(long id, long message)
    {
        if (store.FindMessage(message) is not { } found || found.ConversationId != id) throw new SimRefusal(422, "Couldn't find Message");
        _ = desk.RetryAsync(found);
        return Shape(found);
    }
}
