using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.State;

namespace Footbridge.Simulator.Chatwoot.Api;

/// <summary>The REST routes a bridge uses. Source of the shapes: docs/simulator.md.</summary>
internal sealed class ChatwootApi(ChatwootSimulator simulator, SimStore store)
{
    private const int PageSize = 20;
    private const int PageSizeAfter = 100;

    public void Map(IEndpointRouteBuilder web)
    {
        var account = web.MapGroup("/api/v1/accounts/{account:long}");
        account.MapGet("/custom_attribute_definitions", () => store.Attributes());
        account.MapPost("/custom_attribute_definitions", (JsonObject body) =>
            store.AddAttribute(body) ? Results.Json(body) : Unprocessable("Attribute key has already been taken"));
        account.MapPost("/contacts/filter", Filter);
        account.MapGet("/contacts/{id:long}", (long id) => Contact(id) is { } c ? Results.Json(new JsonObject { ["payload"] = Shapes.Contact(c) }) : NotFound());
        account.MapPut("/contacts/{id:long}", Update);
        account.MapGet("/contacts/{id:long}/conversations", Conversations);
        account.MapGet("/conversations/{id:long}/messages", List);
        account.MapPost("/conversations/{id:long}/messages", CreateAsync);
        account.MapPatch("/conversations/{id:long}/messages/{message:long}", SetStatus);
        var inbox = web.MapGroup("/public/api/v1/inboxes/{identifier}");
        inbox.MapPost("/contacts", CreateContact);
        inbox.MapPost("/contacts/{source}/conversations", CreateConversation);
    }

    private static IResult NotFound() => Results.Json(new JsonObject { ["error"] = "Resource could not be found" }, statusCode: 404);

    private static IResult Unprocessable(string message) => Results.Json(new JsonObject { ["message"] = message, ["attributes"] = new JsonArray() }, statusCode: 422);

    private SimContact? Contact(long id) => store.Read((contacts, _) => contacts.GetValueOrDefault(id));

    private JsonObject Filter(JsonObject body)
    {
        var conditions = (body["payload"] as JsonArray ?? []).Select(c => (Key: c!["attribute_key"]!.ToString(), Value: c["values"]![0]!.ToString())).ToList();
        var found = store.Read((contacts, _) => contacts.Values.Where(c => conditions.Any(q => Matches(c, q.Key, q.Value))).Select(Shapes.Contact).ToList());
        return new() { ["meta"] = new JsonObject { ["count"] = found.Count, ["current_page"] = 1 }, ["payload"] = new JsonArray([.. found]) };
    }

    private static bool Matches(SimContact contact, string key, string value) => key switch
    {
        "identifier" => contact.Identifier == value,
        "phone_number" => contact.PhoneNumber == "+" + value,
        _ => contact.CustomAttributes[key]?.ToString() == value,
    };

    private IResult Update(long id, JsonObject body)
    {
        if (Contact(id) is not { } contact) return NotFound();
        store.UpdateContact(contact, body);
        return Results.Json(new JsonObject { ["payload"] = Shapes.Contact(contact) });
    }

    private JsonObject Conversations(long id) => new()
    {
        ["payload"] = new JsonArray([.. store.Read((_, conversations) => conversations.Values.Where(c => c.Contact.Id == id)
            .OrderByDescending(c => c.LastActivityAt).Take(PageSize).Select(Shapes.Conversation).ToList())]),
    };

    private IResult List(long id, long? after) => store.Read((_, conversations) => conversations.TryGetValue(id, out var conversation)
        ? Results.Json(new JsonObject
        {
            ["meta"] = new JsonObject { ["labels"] = new JsonArray() },
            ["payload"] = new JsonArray([.. Page(conversation.Messages, after).Select(m => Shapes.Message(m, conversation))]),
        })
        : NotFound());

    private static IEnumerable<SimMessage> Page(List<SimMessage> messages, long? after) =>
        after is { } id ? messages.Where(m => m.Id > id).Take(PageSizeAfter) : messages.TakeLast(PageSize);

    private async Task<IResult> CreateAsync(long id, HttpRequest request)
    {
        var (body, files) = await ReadAsync(request);
        var message = simulator.Add(id, body, files, isFromAgent: false);
        return message is null ? NotFound() : store.Read((_, conversations) => Results.Json(Shapes.Message(message, conversations[id])));
    }

    private static async Task<(JsonObject Body, List<(string Name, string ContentType, byte[] Bytes)> Files)> ReadAsync(HttpRequest request)
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

    private IResult SetStatus(long id, long message, JsonObject body)
    {
        if (store.FindMessage(message) is not { } found || found.ConversationId != id) return NotFound();
        var (status, error) = (body["status"]?.ToString() ?? found.Status, body["external_error"]?.ToString());
        if (found.Status == "read" && status == "delivered") return Results.Json(new JsonObject { ["id"] = found.Id, ["status"] = found.Status });
        simulator.SetStatus(found, status, error);
        return Results.Json(new JsonObject { ["id"] = found.Id, ["status"] = found.Status });
    }

    private IResult CreateContact(string identifier, JsonObject body)
    {
        if (identifier != ChatwootSimulator.InboxIdentifier) return NotFound();
        var (contact, source) = store.UpsertContact(ChatwootSimulator.InboxId, body);
        return Results.Json(new JsonObject { ["source_id"] = source, ["pubsub_token"] = "t", ["id"] = contact.Id, ["name"] = contact.Name, ["email"] = null, ["phone_number"] = contact.PhoneNumber });
    }

    private IResult CreateConversation(string identifier, string source)
    {
        var contact = store.Read((contacts, _) => contacts.Values.FirstOrDefault(c => c.Inboxes.TryGetValue(ChatwootSimulator.InboxId, out var id) && id == source));
        if (identifier != ChatwootSimulator.InboxIdentifier || contact is null) return NotFound();
        var conversation = store.AddConversation(contact, ChatwootSimulator.InboxId);
        return Results.Json(new JsonObject { ["id"] = conversation.Id, ["inbox_id"] = conversation.InboxId, ["status"] = conversation.Status });
    }
}
