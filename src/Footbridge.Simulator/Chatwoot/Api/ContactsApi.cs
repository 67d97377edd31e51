using System.Globalization;
using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.State;

namespace Footbridge.Simulator.Chatwoot.Api;

/// <summary>Contacts of the account.</summary>
internal sealed class ContactsApi(SimStore store)
{
    private const int PageSize = 15;
    private const int ConversationsShown = 20;

    public void Map(IEndpointRouteBuilder web)
    {
        var account = web.MapGroup("/api/v1/accounts/{account:long}");
        account.MapPost("/contacts", Create);
        account.MapGet("/contacts/search", Search);
        account.MapPost("/contacts/filter", Filter);
        account.MapGet("/contacts/{id:long}", (long id) => Payload(Contact(id)));
        account.MapMethods("/contacts/{id:long}", ["PUT", "PATCH"], UpdateAsync);
        account.MapDelete("/contacts/{id:long}", Delete);
        account.MapPost("/contacts/{id:long}/destroy_custom_attributes", RemoveAttributes);
        account.MapGet("/contacts/{id:long}/contactable_inboxes", Contactable);
        account.MapPost("/contacts/{id:long}/contact_inboxes", AddToInbox);
        account.MapGet("/contacts/{id:long}/conversations", Conversations);
        account.MapPost("/contact_inboxes/filter", ByLink);
        account.MapPost("/actions/contact_merge", Merge);
    }

    private SimContact Contact(long id) => store.Read((contacts, _) => contacts.GetValueOrDefault(id)) ?? throw SimRefusal.NotFound();

    private JsonObject Payload(SimContact contact) => new() { ["payload"] = store.Read((_, _) => Shapes.Contact(contact, store)) };

    private JsonObject Create(JsonObject body)
    {
        var inbox = body["inbox_id"] is JsonValue id ? store.FindInbox(id.GetValue<long>()) ?? throw SimRefusal.NotFound() : null;
        var source = body["source_id"]?.ToString();
        if (inbox is not null && source is not null && store.ByLink(inbox.Id, source) is not null) throw new SimRefusal(500, "Internal Server Error");
        var contact = store.AddContact(body);
        var link = inbox is null ? null : store.Link(contact, inbox.Id, source);
        return new()
        {
            ["payload"] = new JsonObject
            {
                ["contact"] = Shapes.Contact(contact, store),
                ["contact_inbox"] = new JsonObject { ["inbox"] = inbox is null ? null : Shapes.Inbox(inbox, isForAdministrator: false, signs: false), ["source_id"] = link },
            },
        };
    }

    /// <summary>A part of the name, e-mail or phone in any case, or of the identifier as it is; custom attributes are not searched.</summary>
    private JsonObject Search(string? q, int? page)
    {
        var text = q?.Trim() ?? "";
        var found = text.Length == 0 ? [] : store.Read((contacts, _) => contacts.Values.Where(c => Matches(c, text)).ToList());
        var shown = Page(found, page);
        return new()
        {
            ["meta"] = new JsonObject { ["count"] = shown.Count, ["current_page"] = page is null ? 1 : page.Value.ToString(CultureInfo.InvariantCulture), ["has_more"] = found.Count > (page ?? 1) * PageSize },
            ["payload"] = shown,
        };
    }

    private static bool Matches(SimContact contact, string text) =>
        new[] { contact.Name, contact.Email, contact.PhoneNumber }.Any(field => field?.Contains(text, StringComparison.OrdinalIgnoreCase) ?? false)
        || (contact.Identifier?.Contains(text, StringComparison.Ordinal) ?? false);

    private JsonObject Filter(JsonObject body, int? page)
    {
        var found = store.Filter(body["payload"] as JsonArray ?? []);
        return new()
        {
            ["meta"] = new JsonObject { ["count"] = found.Count, ["current_page"] = page is null ? 1 : page.Value.ToString(CultureInfo.InvariantCulture) },
            ["payload"] = Page(found, page),
        };
    }

    private JsonArray Page(IReadOnlyList<SimContact> found, int? page) => [.. found.Skip(((page ?? 1) - 1) * PageSize).Take(PageSize).Select(contact => (JsonNode)Shapes.Contact(contact, store))];

    private async Task<JsonObject> UpdateAsync(long id, HttpRequest request)
    {
        var contact = Contact(id);
        var (body, files) = await MessagesApi.ReadAsync(request);
        store.UpdateContact(contact, body);
        if (files is [var picture, ..]) store.Write(() => contact.Picture = ((contact.Picture?.Number ?? 0) + 1, picture.Bytes));
        return Payload(contact);
    }

    private IResult Delete(long id, HttpRequest request)
    {
        SimAccess.RequireAdministrator(request);
        store.RemoveContact(Contact(id));
        return Results.Ok();
    }

    private JsonObject RemoveAttributes(long id, JsonObject body)
    {
        var contact = Contact(id);
        store.Write(() => (body["custom_attributes"] as JsonArray ?? []).Count(key => contact.CustomAttributes.Remove(key!.ToString())));
        return Payload(contact);
    }

    /// <summary>With a fresh source id where the contact has none yet, which is not stored.</summary>
    private JsonObject Contactable(long id)
    {
        var contact = Contact(id);
        var places = store.Inboxes().Select(inbox => (inbox.Id, contact.Links.LastOrDefault(link => link.Inbox == inbox.Id).SourceId ?? Guid.NewGuid().ToString()));
        return new() { ["payload"] = new JsonArray([.. places.Select(place => (JsonNode)Shapes.ContactInbox(place, store))]) };
    }

    private JsonObject AddToInbox(long id, JsonObject body)
    {
        var contact = Contact(id);
        var inbox = store.FindInbox(body["inbox_id"]?.GetValue<long>() ?? 0) ?? throw SimRefusal.NotFound();
        return Shapes.ContactInbox((inbox.Id, store.Link(contact, inbox.Id, body["source_id"]?.ToString())), store);
    }

    /// <summary>Across all inboxes, newest activity first, at most 20.</summary>
    private JsonObject Conversations(long id) => new()
    {
        ["payload"] = new JsonArray([.. store.Read((_, conversations) => conversations.Values.Where(c => c.Contact.Id == id)
            .OrderByDescending(c => c.LastActivityAt).ThenByDescending(c => c.Id).Take(ConversationsShown).Select(Shapes.Conversation).ToList())]),
    };

    private IResult ByLink(JsonObject body)
    {
        var inbox = store.FindInbox(body["inbox_id"]?.GetValue<long>() ?? 0) ?? throw SimRefusal.NotFound();
        return store.ByLink(inbox.Id, body["source_id"]?.ToString() ?? "") is { } contact ? Results.Json(Shapes.Contact(contact, store)) : Results.StatusCode(404);
    }

    private JsonObject Merge(JsonObject body)
    {
        var (contact, mergee) = (Contact(body["base_contact_id"]!.GetValue<long>()), Contact(body["mergee_contact_id"]!.GetValue<long>()));
        store.Merge(contact, mergee);
        return Shapes.Contact(contact, store);
    }
}
