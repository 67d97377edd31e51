using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.State;

namespace Footbridge.Simulator.Chatwoot.Api;

/// <summary>The installation, the token's user, inboxes and custom attribute definitions.</summary>
internal sealed class AccountApi(SimStore store)
{
    private const string Version = "4.15.1";

    public void Map(IEndpointRouteBuilder web)
    {
        web.MapGet("/api", () => new JsonObject { ["version"] = Version, ["timestamp"] = "2026-06-17 10:00:00", ["queue_services"] = "ok", ["data_services"] = "ok" });
        web.MapGet("/health", () => new JsonObject { ["status"] = "woot" });
        web.MapGet("/api/v1/profile", Profile);
        var account = web.MapGroup("/api/v1/accounts/{account:long}");
        account.MapGet("", () => new JsonObject { ["id"] = ChatwootSimulator.AccountId, ["name"] = "Acme", ["locale"] = "en", ["status"] = "active", ["latest_chatwoot_version"] = Version });
        account.MapGet("/inboxes", () => new JsonObject { ["payload"] = new JsonArray([.. store.Inboxes().Select(inbox => (JsonNode)Shapes.Inbox(inbox))]) });
        account.MapGet("/inboxes/{id:long}", (long id) => Shapes.Inbox(Inbox(id)));
        account.MapPost("/inboxes", CreateInbox);
        account.MapPatch("/inboxes/{id:long}", ChangeInbox);
        account.MapGet("/custom_attribute_definitions", () => store.Attributes());
        account.MapPost("/custom_attribute_definitions", Define);
        account.MapPatch("/custom_attribute_definitions/{id:long}", Redefine);
        account.MapDelete("/custom_attribute_definitions/{id:long}", Undefine);
    }

    private static JsonObject Profile(HttpRequest request)
    {
        var token = request.Headers["Api-Access-Token"].FirstOrDefault() ?? request.Headers["api_access_token"].First()!;
        var role = token == ChatwootSimulator.Token ? "administrator" : "agent";
        return new()
        {
            ["access_token"] = token,
            ["account_id"] = ChatwootSimulator.AccountId,
            ["id"] = 7,
            ["name"] = "Agent Smith",
            ["email"] = "agent@acme.test",
            ["role"] = role,
            ["accounts"] = new JsonArray(new JsonObject { ["id"] = ChatwootSimulator.AccountId, ["name"] = "Acme", ["status"] = "active", ["role"] = role }),
        };
    }

    private SimInbox Inbox(long id) => store.FindInbox(id) ?? throw SimRefusal.NotFound();

    private JsonObject CreateInbox(JsonObject body, HttpRequest request)
    {
        SimAccess.RequireAdministrator(request);
        if (body["channel"]?["type"]?.ToString() != "api") throw new SimRefusal(422, "only API channels are simulated");
        var inbox = store.AddInbox(body["name"]?.ToString() is { Length: > 0 } name ? name : throw SimRefusal.Invalid("Name can't be blank", "name"));
        Apply(inbox, body);
        return Shapes.Inbox(inbox);
    }

    private JsonObject ChangeInbox(long id, JsonObject body, HttpRequest request)
    {
        SimAccess.RequireAdministrator(request);
        var inbox = Inbox(id);
        Apply(inbox, body);
        return Shapes.Inbox(inbox);
    }

    private static void Apply(SimInbox inbox, JsonObject body)
    {
        if (body["name"]?.ToString() is { Length: > 0 } name) inbox.Name = name;
        if (body["lock_to_single_conversation"] is JsonValue single) inbox.LocksToSingle = single.GetValue<bool>();
        if (body["channel"]?["webhook_url"]?.ToString() is { } url) inbox.WebhookUrl = url.Length == 0 ? null : new(url);
    }

    private JsonObject Define(JsonObject body, HttpRequest request)
    {
        SimAccess.RequireAdministrator(request);
        return store.AddAttribute(body["custom_attribute_definition"] as JsonObject ?? body);
    }

    private JsonObject Redefine(long id, JsonObject body, HttpRequest request)
    {
        SimAccess.RequireAdministrator(request);
        return store.ChangeAttribute(id, body["custom_attribute_definition"] as JsonObject ?? body) ?? throw SimRefusal.NotFound();
    }

    private IResult Undefine(long id, HttpRequest request)
    {
        SimAccess.RequireAdministrator(request);
        return store.RemoveAttribute(id) ? Results.NoContent() : throw SimRefusal.NotFound();
    }
}
