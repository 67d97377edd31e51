using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage.Archive;

namespace Footbridge.Server.Api.Contacts;

/// <summary>The people a session knows. Somebody who is not known is answered too, without names.</summary>
internal static class ReadContacts
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/contacts/all", ListAsync).WithTags("Contacts");
        api.MapGet("/api/contacts", (HttpRequest request, SessionRegistry sessions, ChatArchive archive, CancellationToken ct) =>
            OneAsync(QueryFields.Text(request, "session") ?? "default", QueryFields.RequiredText(request, "contactId"), "contactId", sessions, archive, ct)).WithTags("Contacts");
        api.MapGet("/api/{session}/contacts/{id}", (string session, string id, SessionRegistry sessions, ChatArchive archive, CancellationToken ct) =>
            OneAsync(session, id, "id", sessions, archive, ct)).WithTags("Contacts");
    }

    private static async Task<JsonArray> ListAsync(HttpRequest request, SessionRegistry sessions, ChatArchive archive, CancellationToken ct)
    {
        var order = QueryFields.Choice(request, "sortBy", "id", "name") == "name" ? ChatOrder.Name : ChatOrder.Id;
        var page = QueryFields.Page(request, null, isDescending: false);
        var session = await sessions.WaitForAsync(QueryFields.Text(request, "session") ?? "default", SessionStatus.Working, ct);
        return [.. archive.Contacts(session.Name, order, page).Select(contact => Describe(contact, session))];
    }

    private static async Task<JsonObject> OneAsync(string name, string id, string field, SessionRegistry sessions, ChatArchive archive, CancellationToken ct)
    {
        var address = QueryFields.Chat(id, field);
        var session = await sessions.WaitForAsync(name, SessionStatus.Working, ct);
        if (archive.FindContact(name, address) is { } contact) return Describe(contact, session);
        var chat = archive.Find(name, address);
        return Describe(new(chat?.Chat ?? PartyOf(address), null, null, null, null, null), session, chat?.Name, isKnown: chat is not null);
    }

    private static JsonObject Describe(ArchivedContact contact, Session session, string? chatName = null, bool isKnown = true)
    {
        var person = contact.Person;
        return new()
        {
            ["id"] = WahaIds.ChatId(person),
            ["number"] = person.Phone?.User,
            ["name"] = contact.Name ?? chatName,
            ["pushname"] = contact.PushName,
            ["shortName"] = contact.FirstName,
            ["isMe"] = session.Me is { } me && new[] { person.Phone, person.Lid }.OfType<Jid>().Any(jid => WahaIds.ChatId(jid) == me.Id || jid.ToString() == me.Lid),
            ["isGroup"] = person.Address.IsGroup,
            // Whoever was heard of through WhatsApp is there; of others it is not known.
            ["isWAContact"] = isKnown ? true : null,
            ["isMyContact"] = contact.FullName is not null,
            ["isBusiness"] = contact.BusinessName is not null,
        };
    }

    private static Party PartyOf(Jid address) => new(address, address.IsPhone ? address : null, address.IsLid ? address : null);
}
