using System.Globalization;
using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.State;

namespace Footbridge.Simulator.Chatwoot.Api;

/// <summary>The installation, the token's user, and custom attribute definitions.</summary>
internal sealed class AccountApi(SimStore store, TimeProvider time)
{
    public void Map(IEndpointRouteBuilder web)
    {
        web.MapGet("/api", () => new JsonObject { ["version"] = store.Account.Version, ["timestamp"] = Now(), ["queue_services"] = store.Account.QueueServices, ["data_services"] = "ok" });
        web.MapGet("/health", () => new JsonObject { ["status"] = "woot" });
        web.MapGet("/api/v1/profile", Profile);
        var account = web.MapGroup("/api/v1/accounts/{account:long}");
        account.MapGet("", () => new JsonObject { ["id"] = ChatwootSimulator.AccountId, ["name"] = "Acme", ["locale"] = "en", ["status"] = "active", ["latest_chatwoot_version"] = store.Account.Version });
        account.MapGet("/custom_attribute_definitions", () => store.Attributes());
        account.MapPost("/custom_attribute_definitions", Define);
        account.MapPatch("/custom_attribute_definitions/{id:long}", Redefine);
        account.MapDelete("/custom_attribute_definitions/{id:long}", Undefine);
    }

    private string Now() => (time.GetUtcNow() + store.Account.ClockOffset).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private JsonObject Profile(HttpRequest request)
    {
        var isAdministrator = SimAccess.IsAdministrator(request);
        var role = isAdministrator ? "administrator" : "agent";
        var accounts = store.Account.Others.Prepend((Id: ChatwootSimulator.AccountId, Name: "Acme", Role: role));
        return new()
        {
            ["access_token"] = SimAccess.TokenOf(request),
            ["account_id"] = ChatwootSimulator.AccountId,
            ["id"] = isAdministrator ? 7 : 8,
            ["name"] = "Agent Smith",
            ["email"] = "agent@acme.test",
            ["role"] = role,
            ["accounts"] = new JsonArray([.. accounts.Select(a => (JsonNode)new JsonObject { ["id"] = a.Id, ["name"] = a.Name, ["status"] = "active", ["role"] = a.Role })]),
        };
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
