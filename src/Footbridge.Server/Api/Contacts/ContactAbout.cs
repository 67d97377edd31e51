using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Contacts;

/// <summary>A person's "about" text; null when there is none or it is hidden.</summary>
internal static class ContactAbout
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/api/contacts/about", HandleAsync).WithTags("Contacts");

    private static async Task<JsonObject> HandleAsync(string? contactId, string? session, SessionRegistry sessions, CancellationToken ct)
    {
        var person = QueryText.Person(contactId, "contactId");
        var live = await sessions.WaitForAsync(session ?? "default", SessionStatus.Working, ct);
        var details = await live.Client.Contacts.GetDetailsAsync([person], ct);
        return new() { ["about"] = details.Count == 0 ? null : details[0].About };
    }
}
