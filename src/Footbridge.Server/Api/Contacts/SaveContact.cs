using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Contacts;

/// <summary>Saves a person's name in the account's address book.</summary>
internal static class SaveContact
{
    public static void Map(IEndpointRouteBuilder api) => api.MapPut("/api/{session}/contacts/{chatId}", HandleAsync).WithTags("Contacts")
        .WithSummary("in WhatsApp's address book and in the phone's");

    private static async Task<JsonObject> HandleAsync(string session, string chatId, RequestBody body, SessionRegistry sessions, CancellationToken ct)
    {
        var person = ChatIds.Parse(chatId);
        if (!person.IsUser) throw new InvalidRequestException("chatId must be a person's");
        var first = Body.RequiredText(body.Json, "firstName");
        var last = Body.Text(body.Json, "lastName") ?? "";
        var live = await sessions.WaitForAsync(session, SessionStatus.Working, ct);
        await live.Client.AppState.SaveContactAsync(person, $"{first} {last}".Trim(), first, isOnPhone: true, ct);
        return new() { ["success"] = true };
    }
}
