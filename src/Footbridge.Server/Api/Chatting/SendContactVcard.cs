using System.Text.Json.Nodes;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Api.Chatting;

/// <summary>Contact cards: whole vCards, or the parts to make them from.</summary>
internal static class SendContactVcard
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/api/sendContactVcard", HandleAsync).WithTags("Chatting");

    private static async Task<IResult> HandleAsync(RequestBody body, string? session, SessionRegistry sessions, IMessageArchive archive, CancellationToken ct)
    {
        var request = SendRequest.Read(body, session);
        if (request.Fields["contacts"] is not JsonArray { Count: > 0 } list) throw new InvalidRequestException("contacts should not be empty", "contacts must be an array");
        var cards = list.Select(item => CardOf(item as JsonObject ?? throw new InvalidRequestException("each value in contacts must be an object"))).ToList();
        var live = await request.OpenAsync(sessions, ct);
        return await request.SendAsync(live, ContactContents.Contacts(cards, await request.ContextAsync(live, archive, ct)), ct);
    }

    private static ContactCard CardOf(JsonObject contact)
    {
        if (Body.Text(contact, "vcard") is { Length: > 0 } vcard) return new(ContactCard.NameIn(vcard), vcard);
        var phone = Body.RequiredText(contact, "phoneNumber");
        var account = Body.Text(contact, "whatsappId") is { Length: > 0 } id ? WahaIds.ParseChatId(id)?.User ?? throw new InvalidRequestException("whatsappId is not a chat id") : null;
        return ContactCard.Of(Body.RequiredText(contact, "fullName"), Body.Text(contact, "organization"), phone, account);
    }
}
