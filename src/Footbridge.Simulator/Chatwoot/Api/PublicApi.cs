using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.State;

namespace Footbridge.Simulator.Chatwoot.Api;

/// <summary>The public API, which acts as the contact; the inbox's identifier is its only secret.</summary>
internal sealed class PublicApi(SimStore store, Desk desk)
{
    public void Map(IEndpointRouteBuilder web)
    {
        var contacts = web.MapGroup("/public/api/v1/inboxes/{identifier}/contacts");
        contacts.MapPost("", CreateContact);
        contacts.MapGet("/{source}", (string identifier, string source) => Shape(Contact(Inbox(identifier), source), source));
        contacts.MapPost("/{source}/conversations", CreateConversation);
        contacts.MapGet("/{source}/conversations", List);
        contacts.MapPost("/{source}/conversations/{id:long}/messages", CreateMessageAsync);
        contacts.MapPost("/{source}/conversations/{id:long}/update_last_seen", Seen);
        contacts.MapPost("/{source}/conversations/{id:long}/toggle_typing", Typing);
    }

    private SimInbox Inbox(string identifier) => store.Inboxes().FirstOrDefault(inbox => inbox.Identifier == identifier) ?? throw SimRefusal.NotFound();

    private SimContact Contact(SimInbox inbox, string source) => store.ByLink(inbox.Id, source) ?? throw SimRefusal.NotFound();

    /// <summary>A conversation belongs to exactly one place of the contact: by another of its source ids it is not found.</summary>
    private SimConversation Conversation(string identifier, string source, long id)
    {
        var inbox = Inbox(identifier);
        var found = store.Read((_, conversations) => conversations.GetValueOrDefault(id));
        return found is not null && found.InboxId == inbox.Id && found.SourceId == source ? found : throw SimRefusal.NotFound();
    }

    private JsonObject CreateContact(string identifier, JsonObject body)
    {
        var (contact, source) = store.UpsertContact(Inbox(identifier).Id, body);
        return Shape(contact, source);
    }

    private static JsonObject Shape(SimContact contact, string source) => new()
    {
        ["source_id"] = source,
        ["pubsub_token"] = "q8yTn6b7a3Qe",
        ["id"] = contact.Id,
        ["name"] = contact.Name,
        ["email"] = contact.Email,
        ["phone_number"] = contact.PhoneNumber,
    };

    private JsonObject CreateConversation(string identifier, string source, JsonObject? body)
    {
        var inbox = Inbox(identifier);
        var (conversation, _) = desk.Open(Contact(inbox, source), inbox, source);
        if (body?["custom_attributes"] is JsonObject attributes) conversation.CustomAttributes = (JsonObject)attributes.DeepClone();
        return store.Read((_, _) => Shapes.PublicConversation(conversation));
    }

    private JsonArray List(string identifier, string source)
    {
        var inbox = Inbox(identifier);
        Contact(inbox, source);
        return [.. store.Read((_, conversations) => conversations.Values.Where(c => c.InboxId == inbox.Id && c.SourceId == source).Select(Shapes.PublicConversation).ToList())];
    }

    /// <summary>Always incoming, from the contact.</summary>
    private async Task<JsonObject> CreateMessageAsync(string identifier, string source, long id, HttpRequest request)
    {
        var conversation = Conversation(identifier, source, id);
        var (body, files) = await MessagesApi.ReadAsync(request);
        var (message, _) = desk.Add(id, new() { ["content"] = body["content"]?.ToString(), ["message_type"] = "incoming" }, files, isFromAgent: false)!.Value;
        return store.Read((_, _) => Shapes.PublicMessage(message, conversation));
    }

    private IResult Typing(string identifier, string source, long id, JsonObject body)
    {
        var conversation = Conversation(identifier, source, id);
        store.Write(() => conversation.IsContactTyping = body["typing_status"]?.ToString() == "on");
        return Results.Ok();
    }

    private IResult Seen(string identifier, string source, long id)
    {
        _ = desk.ContactHasSeenAsync(Conversation(identifier, source, id));
        return Results.Ok();
    }
}
