using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.State;

namespace Footbridge.Simulator.Chatwoot.Api;

/// <summary>Inboxes, who may see them, and what else can get at their messages: bots, and webhooks of the account.</summary>
internal sealed class InboxApi(SimStore store)
{
    private const int SecretLength = 24;

    public void Map(IEndpointRouteBuilder web)
    {
        var account = web.MapGroup("/api/v1/accounts/{account:long}");
        account.MapGet("/inboxes", List);
        account.MapGet("/inboxes/{id:long}", (long id, HttpRequest request) => Shape(Inbox(id, request), request));
        account.MapPost("/inboxes", Create);
        account.MapPatch("/inboxes/{id:long}", Change);
        account.MapDelete("/inboxes/{id:long}", Delete);
        account.MapPost("/inboxes/{id:long}/reset_secret", ResetSecret);
        account.MapGet("/inboxes/{id:long}/agent_bot", (long id, HttpRequest request) => new JsonObject { ["agent_bot"] = Inbox(id, request).Bot is { } bot ? new JsonObject { ["id"] = bot, ["name"] = "Helper" } : [] });
        account.MapPost("/inboxes/{id:long}/set_agent_bot", SetBot);
        account.MapGet("/agents", () => new JsonArray([.. store.Account.Agents.Select(agent => (JsonNode)Agent(agent))]));
        account.MapGet("/inbox_members/{id:long}", (long id, HttpRequest request) => Members(Inbox(id, request)));
        account.MapPost("/inbox_members", (JsonObject body, HttpRequest request) => SetMembers(body, request, keeps: true));
        account.MapPatch("/inbox_members", (JsonObject body, HttpRequest request) => SetMembers(body, request, keeps: false));
        account.MapGet("/webhooks", Webhooks);
    }

    private JsonObject List(HttpRequest request)
    {
        var isAdministrator = SimAccess.IsAdministrator(request);
        var seen = store.Inboxes().Where(inbox => isAdministrator || inbox.Members.Contains(8)).OrderBy(inbox => inbox.Name, StringComparer.Ordinal);
        return new() { ["payload"] = new JsonArray([.. seen.Select(inbox => (JsonNode)Shape(inbox, request))]) };
    }

    private SimInbox Inbox(long id, HttpRequest request) =>
        store.FindInbox(id) is { } inbox && (SimAccess.IsAdministrator(request) || inbox.Members.Contains(8)) ? inbox : throw SimRefusal.NotFound();

    private JsonObject Shape(SimInbox inbox, HttpRequest request) => Shapes.Inbox(inbox, SimAccess.IsAdministrator(request), store.Account.Signs);

    private JsonObject Create(JsonObject body, HttpRequest request)
    {
        SimAccess.RequireAdministrator(request);
        if (body["channel"] is null) throw new SimRefusal(500, "Internal Server Error");
        if (body["channel"]?["type"]?.ToString() != "api") throw SimRefusal.Invalid("Channel must exist", "channel");
        var inbox = store.AddInbox(body["name"]?.ToString() is { Length: > 0 } name ? name : throw SimRefusal.Invalid("Name can't be blank", "name"));
        if (store.Account.Signs) inbox.Secret = NewSecret();
        Apply(inbox, body);
        return Shape(inbox, request);
    }

    private JsonObject Change(long id, JsonObject body, HttpRequest request)
    {
        SimAccess.RequireAdministrator(request);
        var inbox = Inbox(id, request);
        Apply(inbox, body);
        return Shape(inbox, request);
    }

    private JsonObject Delete(long id, HttpRequest request)
    {
        SimAccess.RequireAdministrator(request);
        store.RemoveInbox(Inbox(id, request).Id);
        return new() { ["message"] = "Your inbox deletion request will be processed in some time." };
    }

    private JsonObject ResetSecret(long id, HttpRequest request)
    {
        SimAccess.RequireAdministrator(request);
        var inbox = Inbox(id, request);
        if (!store.Account.Signs || inbox.ChannelType != "Channel::Api") throw SimRefusal.NotFound();
        inbox.Secret = NewSecret();
        return Shape(inbox, request);
    }

    private IResult SetBot(long id, JsonObject body, HttpRequest request)
    {
        SimAccess.RequireAdministrator(request);
        Inbox(id, request).Bot = body["agent_bot"]?.GetValue<long>();
        return Results.Ok();
    }

    private JsonObject SetMembers(JsonObject body, HttpRequest request, bool keeps)
    {
        SimAccess.RequireAdministrator(request);
        var inbox = Inbox(body["inbox_id"]?.GetValue<long>() ?? 0, request);
        var users = (body["user_ids"] as JsonArray ?? []).Select(id => id!.GetValue<long>()).ToList();
        if (users.Exists(id => store.Account.Agents.TrueForAll(agent => agent.Id != id))) throw SimRefusal.NotFound();
        if (!keeps) inbox.Members.Clear();
        inbox.Members.UnionWith(users);
        return Members(inbox);
    }

    private JsonObject Members(SimInbox inbox) =>
        new() { ["payload"] = new JsonArray([.. store.Account.Agents.Where(agent => inbox.Members.Contains(agent.Id)).Select(agent => (JsonNode)Agent(agent))]) };

    private JsonObject Webhooks(HttpRequest request)
    {
        SimAccess.RequireAdministrator(request);
        return new() { ["payload"] = new JsonObject { ["webhooks"] = new JsonArray([.. store.Account.Webhooks.Select((url, i) => (JsonNode)new JsonObject { ["id"] = i + 1, ["url"] = url.ToString(), ["account_id"] = ChatwootSimulator.AccountId })]) } };
    }

    private static JsonObject Agent(SimAgent agent) => new() { ["id"] = agent.Id, ["account_id"] = ChatwootSimulator.AccountId, ["name"] = agent.Name, ["role"] = agent.Role, ["confirmed"] = true, ["availability_status"] = "online" };

    private static string NewSecret() => Guid.NewGuid().ToString("N")[..SecretLength];

    private static void Apply(SimInbox inbox, JsonObject body)
    {
        if (body["name"]?.ToString() is { Length: > 0 } name) inbox.Name = name;
        if (body["lock_to_single_conversation"] is JsonValue single) inbox.LocksToSingle = single.GetValue<bool>();
        if (body["enable_auto_assignment"] is JsonValue assigns) inbox.AssignsByItself = assigns.GetValue<bool>();
        if (body["greeting_enabled"] is JsonValue greets) inbox.Greets = greets.GetValue<bool>();
        if (body["csat_survey_enabled"] is JsonValue surveys) inbox.Surveys = surveys.GetValue<bool>();
        if (body["channel"]?["webhook_url"]?.ToString() is { } url) inbox.WebhookUrl = url.Length == 0 ? null : new(url);
        if (body["channel"]?["additional_attributes"] is JsonObject extras) inbox.ReplyWindowHours = extras["agent_reply_time_window"]?.GetValue<long>();
    }
}
