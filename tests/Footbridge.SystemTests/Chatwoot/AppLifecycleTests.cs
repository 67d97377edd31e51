using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.SystemTests.Api;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>What creating, changing and removing an app does in Chatwoot, and the rules of the apps API.</summary>
public sealed class AppLifecycleTests : ChatwootTest
{
    protected override async Task PrepareAsync() => await World.PostAsync("/api/sessions", new() { ["name"] = "shop", ["start"] = false }, 201, Ct);

    [Fact]
    public async Task Creating_makes_three_attributes_a_contact_a_conversation_and_a_greeting()
    {
        var created = await CallAsync("POST", "/api/apps", App(), 201);
        Assert.Equal(["id", "session", "app", "enabled", "config"], created!.AsObject().Select(pair => pair.Key));
        Assert.Equal(
            ["waha_whatsapp_chat_id: WhatsApp Chat ID", "waha_whatsapp_jid: WhatsApp JID", "waha_whatsapp_lid: WhatsApp LID"],
            Chatwoot.Store.Attributes().Select(a => $"{a!["attribute_key"]}: {a["attribute_display_name"]}"));
        Assert.Equal(("WhatsApp Integration", "whatsapp.integration"), (Integration.Contact.Name, Integration.Contact.CustomAttributes["waha_whatsapp_chat_id"]!.ToString()));
        var greeting = Assert.Single(Integration.Messages);
        Assert.Equal((SimMessageType.Incoming, false), (greeting.Type, greeting.IsPrivate));
        Assert.Equal("🔗 Session **shop** is now connected to this inbox. You can chat from here; send **help** to see what you can control.", greeting.Content);
    }

    [Fact]
    public async Task What_is_there_already_is_used_and_what_differs_is_put_right()
    {
        Chatwoot.Store.AddAttribute(new() { ["attribute_key"] = "waha_whatsapp_jid", ["attribute_display_name"] = "Old name" });
        Chatwoot.Store.UpsertContact(ChatwootSimulator.InboxId, new() { ["identifier"] = "whatsapp.integration", ["name"] = "Renamed by a person" });
        await CallAsync("POST", "/api/apps", App(), 201);
        Assert.Equal(3, Chatwoot.Store.Attributes().Count);
        Assert.Contains(Chatwoot.Store.Attributes(), a => a!["attribute_display_name"]!.ToString() == "WhatsApp JID");
        Assert.Equal("Renamed by a person", Integration.Contact.Name);
        Assert.Equal(1, Chatwoot.Store.Read((contacts, _) => contacts.Count));
    }

    [Theory]
    [InlineData("inboxIdentifier", "unknown")]
    [InlineData("accountToken", "wrong")]
    [InlineData("accountId", 2)]
    [InlineData("url", "http://127.0.0.1:1")]
    public async Task When_chatwoot_refuses_or_is_not_there_nothing_is_saved_and_the_token_is_not_repeated(string field, object value)
    {
        var body = App(change: app => app["config"]![field] = JsonValue.Create(value));
        var refused = await CallAsync("POST", "/api/apps", body, 422);
        Assert.Equal("Unprocessable Entity", refused!["error"]!.ToString());
        Assert.DoesNotContain(body["config"]!["accountToken"]!.ToString(), refused.ToJsonString(), StringComparison.Ordinal);
        await CallAsync("GET", "/api/apps/app_shop", null, 404);
    }

    [Fact]
    public async Task A_disabled_app_is_only_saved_greets_when_it_is_enabled_and_says_goodbye_when_it_is_disabled()
    {
        await CallAsync("POST", "/api/apps", App(change: app => app["enabled"] = false), 201);
        Assert.Empty(Chatwoot.Requests.Entries);
        await CallAsync("PUT", "/api/apps/app_shop", App(), 200);
        Assert.StartsWith("🔗", Assert.Single(Integration.Messages).Content!, StringComparison.Ordinal);
        await CallAsync("PUT", "/api/apps/app_shop", App(change: app => app["enabled"] = false), 200);
        Assert.Equal("🔌 Session **shop** was disconnected from this inbox; messages are no longer exchanged. Ask your admin to reconnect.", Integration.Messages[^1].Content);
        Assert.False((await CallAsync("GET", "/api/apps/app_shop", null, 200))!["enabled"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_change_is_told_once_and_the_same_again_not_at_all()
    {
        await CallAsync("POST", "/api/apps", App(), 201);
        await CallAsync("PUT", "/api/apps/app_shop", App(), 200);
        Assert.Single(Integration.Messages);
        await CallAsync("PUT", "/api/apps/app_shop", App(change: app => app["config"]!["linkPreview"] = "HG"), 200);
        Assert.Equal("🔄 The settings of session **shop** were changed.", Integration.Messages[^1].Content);
    }

    [Fact]
    public async Task Moving_to_another_inbox_says_goodbye_in_the_old_one_and_greets_in_the_new()
    {
        await CallAsync("POST", "/api/apps", App(), 201);
        var other = Chatwoot.Store.AddInbox("Second");
        await CallAsync("PUT", "/api/apps/app_shop", App(change: app => (app["config"]!["inboxId"], app["config"]!["inboxIdentifier"]) = (other.Id, other.Identifier)), 200);
        Assert.StartsWith("🔌", Integration.Messages[^1].Content!, StringComparison.Ordinal);
        var there = Chatwoot.Store.Read((_, all) => all.Values.Single(c => c.InboxId == other.Id));
        Assert.StartsWith("🔗", Assert.Single(there.Messages).Content!, StringComparison.Ordinal);
        Assert.Equal(Integration.Contact, there.Contact);
    }

    [Fact]
    public async Task Deleting_says_goodbye_and_forgets_and_works_when_chatwoot_is_gone()
    {
        await CallAsync("POST", "/api/apps", App(), 201);
        Assert.Null(await CallAsync("DELETE", "/api/apps/app_shop", null, 200));
        Assert.StartsWith("🔌", Integration.Messages[^1].Content!, StringComparison.Ordinal);
        Chatwoot.Store.RemoveConversation(Integration);
        await CallAsync("POST", "/api/apps", App(), 201);
        Assert.StartsWith("🔗", Assert.Single(Integration.Messages).Content!, StringComparison.Ordinal);
        Chatwoot.Faults.Down = new ChatwootFault.Status(503);
        await CallAsync("DELETE", "/api/apps/app_shop", null, 200);
        await CallAsync("GET", "/api/apps/app_shop", null, 404);
    }

    [Fact]
    public async Task The_rules_of_the_apps_api_hold()
    {
        await World.PostAsync("/api/sessions", new() { ["name"] = "other", ["start"] = false }, 201, Ct);
        Assert.Empty((await CallAsync("GET", "/api/apps?session=nobody", null, 200))!.AsArray());
        await CallAsync("POST", "/api/apps", App("nobody"), 404);
        await CallAsync("PUT", "/api/apps/app_shop", App(), 200);
        await CallAsync("PUT", "/api/apps/else", App(), 404);
        await CallAsync("POST", "/api/apps", App(), 422);
        await CallAsync("POST", "/api/apps", App(change: app => app["id"] = "second"), 422);
        await CallAsync("PUT", "/api/apps/app_shop", App(change: app => app["session"] = "other"), 422);
        await CallAsync("POST", "/api/apps", App("other", app => app["app"] = "mcp"), 422);
        await CallAsync("POST", "/api/apps", App("other", app => app["id"] = new string('x', 65)), 400);
        var made = await CallAsync("POST", "/api/apps", App("other", app => app.Remove("id")), 201);
        Assert.Matches("^app_[0-9a-z]{26}$", made!["id"]!.ToString());
        Assert.Single((await CallAsync("GET", "/api/apps?session=other", null, 200))!.AsArray());
        var locales = await CallAsync("GET", "/api/apps/chatwoot/locales", null, 200);
        Assert.Equal("en-US", locales![0]!["locale"]!.ToString());
    }

    [Fact]
    public async Task Apps_in_a_session_are_synced_by_id_or_type_left_alone_when_absent_and_removed_when_empty()
    {
        var app = App(change: body => (body["id"], body["session"]) = (null, "ignored"));
        var updated = await CallAsync("PUT", "/api/sessions/shop", new JsonObject { ["apps"] = new JsonArray(app.DeepClone()) }, 200);
        var id = updated!["apps"]![0]!["id"]!.ToString();
        Assert.Equal("shop", updated["apps"]![0]!["session"]!.ToString());
        updated = await CallAsync("PUT", "/api/sessions/shop", new JsonObject { ["apps"] = new JsonArray(app.DeepClone()) }, 200);
        Assert.Equal(id, updated!["apps"]![0]!["id"]!.ToString());
        Assert.False((await CallAsync("PUT", "/api/sessions/shop", new JsonObject { ["apps"] = null }, 200))!.AsObject().ContainsKey("apps"));
        Assert.Single((await CallAsync("GET", "/api/apps?session=shop", null, 200))!.AsArray());
        Assert.Empty((await CallAsync("PUT", "/api/sessions/shop", new JsonObject { ["apps"] = new JsonArray() }, 200))!["apps"]!.AsArray());
        Assert.StartsWith("🔌", Integration.Messages[^1].Content!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_a_session_takes_its_apps_with_it_with_a_goodbye()
    {
        await CallAsync("POST", "/api/apps", App(), 201);
        await CallAsync("DELETE", "/api/sessions/shop", null, 200);
        Assert.StartsWith("🔌", Integration.Messages[^1].Content!, StringComparison.Ordinal);
        await CallAsync("GET", "/api/apps/app_shop", null, 404);
    }

    [Fact]
    public async Task An_agents_token_is_refused_with_chatwoots_own_words()
    {
        var refused = await CallAsync("POST", "/api/apps", App(change: app => app["config"]!["accountToken"] = ChatwootSimulator.AgentToken), 422);
        Answers.Same("""{"statusCode":422,"message":"Chatwoot refuses the settings (status 401) You are not authorized to do this action","error":"Unprocessable Entity"}""", refused);
    }
}
