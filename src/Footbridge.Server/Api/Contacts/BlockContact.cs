using Footbridge.Engine.Contacts;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Contacts;

/// <summary>Puts a person on the account's blocklist, or takes it off.</summary>
internal static class BlockContact
{
    public static void Map(IEndpointRouteBuilder api)
    {
        Map(api, "block", (blocklist, person, ct) => blocklist.BlockAsync(person, ct));
        Map(api, "unblock", (blocklist, person, ct) => blocklist.UnblockAsync(person, ct));
    }

    private static void Map(IEndpointRouteBuilder api, string verb, Func<Blocklist, Jid, CancellationToken, Task> change) =>
        api.MapPost($"/api/contacts/{verb}", async (RequestBody body, string? session, SessionRegistry sessions, CancellationToken ct) =>
        {
            var person = QueryText.Person(Body.RequiredText(body.Json, "contactId"), "contactId");
            var live = await sessions.WaitForAsync(Body.Text(body.Json, "session") is { Length: > 0 } name ? name : session ?? "default", SessionStatus.Working, ct);
            await change(live.Client.Contacts.Blocklist, person, ct);
            return Results.StatusCode(201);
        }).WithTags("Contacts");
}
