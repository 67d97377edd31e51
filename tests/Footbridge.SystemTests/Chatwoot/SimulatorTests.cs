using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.SystemTests.Api;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>The simulated Chatwoot keeps Chatwoot's rules, so that what passes here passes there. Source: the account of Chatwoot's own code.</summary>
public sealed class SimulatorTests : IAsyncLifetime
{
    private const string Account = "/api/v1/accounts/1";
    private const string Public = "/public/api/v1/inboxes/simulated-inbox";
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(30));
    private readonly SocketsHttpHandler _handler = new();
    private ChatwootSimulator _chatwoot = null!;
    private HttpClient _api = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        _chatwoot = await ChatwootSimulator.StartAsync(0, TimeProvider.System, Ct);
        _api = NewClient(ChatwootSimulator.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _chatwoot.DisposeAsync();
        _handler.Dispose();
        _timeout.Dispose();
    }

    [Theory]
    [InlineData(null, "/api/v1/profile", """{"errors":["You need to sign in or sign up before continuing."]}""")]
    [InlineData("unknown", "/api/v1/profile", """{"error":"Invalid Access Token"}""")]
    [InlineData(ChatwootSimulator.Token, "/api/v1/accounts/2/inboxes", """{"error":"You are not authorized to access this account"}""")]
    public async Task Each_missing_right_is_401_with_its_own_body(string? token, string path, string expected)
    {
        using var client = NewClient(token);
        Answers.Same(expected, (await client.GetAsync(path, 401, Ct)).Body);
    }

    [Fact]
    public async Task An_agent_reads_and_only_an_administrator_changes_the_account()
    {
        using var agent = NewClient(ChatwootSimulator.AgentToken);
        Assert.Equal("agent", (await agent.GetAsync("/api/v1/profile", 200, Ct)).Body!["role"]!.ToString());
        await agent.GetAsync($"{Account}/inboxes", 200, Ct);
        var refused = await agent.ExpectAsync(HttpMethod.Post, $"{Account}/custom_attribute_definitions", Definition("a"), 401, Ct);
        Answers.Same("""{"error":"You are not authorized to do this action"}""", refused.Body);
    }

    [Theory]
    [InlineData("api_access_token")]
    [InlineData("Api-Access-Token")]
    public async Task The_token_is_read_from_a_header_with_dashes_or_underscores(string header)
    {
        using var client = NewClient(null);
        client.DefaultRequestHeaders.Add(header, ChatwootSimulator.Token);
        await client.GetAsync("/api/v1/profile", 200, Ct);
    }

    [Fact]
    public async Task Definitions_are_unique_by_key_and_are_changed_and_removed()
    {
        var made = (await PostAsync($"{Account}/custom_attribute_definitions", Definition("waha_whatsapp_lid"), 200))!;
        Assert.Equal(("text", "contact_attribute"), (made["attribute_display_type"]!.ToString(), made["attribute_model"]!.ToString()));
        Answers.Same("""{"message":"Attribute key has already been taken","attributes":["attribute_key"]}""", await PostAsync($"{Account}/custom_attribute_definitions", Definition("waha_whatsapp_lid"), 422));
        await PostAsync($"{Account}/custom_attribute_definitions", Definition("identifier"), 422);
        var changed = await SendAsync("PATCH", $"{Account}/custom_attribute_definitions/{made["id"]}", new() { ["attribute_display_name"] = "New" }, 200);
        Assert.Equal("New", changed!["attribute_display_name"]!.ToString());
        await SendAsync("DELETE", $"{Account}/custom_attribute_definitions/{made["id"]}", null, 204);
        Assert.Empty((await _api.GetAsync($"{Account}/custom_attribute_definitions", 200, Ct)).Body!.AsArray());
    }

    [Fact]
    public async Task An_inbox_is_made_shown_and_pointed_at_a_webhook()
    {
        var made = await PostAsync($"{Account}/inboxes", new() { ["name"] = "Second", ["channel"] = new JsonObject { ["type"] = "api", ["webhook_url"] = "http://127.0.0.1:9/hook" } }, 200);
        Assert.Equal(("Channel::Api", "http://127.0.0.1:9/hook"), (made!["channel_type"]!.ToString(), made["webhook_url"]!.ToString()));
        Assert.Equal(2, (await _api.GetAsync($"{Account}/inboxes", 200, Ct)).Body!["payload"]!.AsArray().Count);
        await _api.ExpectAsync(HttpMethod.Post, $"/public/api/v1/inboxes/{made["inbox_identifier"]}/contacts", new JsonObject { ["identifier"] = "x" }, 200, Ct);
        Answers.Same("""{"status":404,"error":"Not Found"}""", (await _api.ExpectAsync(HttpMethod.Post, "/public/api/v1/inboxes/unknown/contacts", new JsonObject(), 404, Ct)).Body);
        Answers.Same("""{"error":"Resource could not be found"}""", (await _api.GetAsync($"{Account}/inboxes/999", 404, Ct)).Body);
    }

    [Theory]
    [InlineData("""{"phone_number":"5511"}""", """{"message":"Phone number should be in e164 format","attributes":["phone_number"]}""")]
    [InlineData("""{"phone_number":"+5511900000001"}""", """{"message":"Phone number has already been taken","attributes":["phone_number"]}""")]
    [InlineData("""{"identifier":"taken"}""", """{"message":"Identifier has already been taken","attributes":["identifier"]}""")]
    public async Task The_account_api_never_takes_another_contacts_place(string body, string expected)
    {
        await PostAsync($"{Account}/contacts", new() { ["name"] = "Ana", ["phone_number"] = "+5511900000001", ["identifier"] = "taken" }, 200);
        Answers.Same(expected, await PostAsync($"{Account}/contacts", JsonNode.Parse(body)!.AsObject(), 422));
    }

    [Fact]
    public async Task The_public_api_takes_an_existing_contact_without_changing_it_and_adds_a_place_unless_the_source_id_is_known()
    {
        var first = await PostAsync($"{Public}/contacts", new() { ["name"] = "Ana", ["phone_number"] = "+5511900000001" }, 200);
        var again = await PostAsync($"{Public}/contacts", new() { ["name"] = "Other", ["phone_number"] = "+5511900000001" }, 200);
        Assert.Equal((first!["id"]!.ToString(), "Ana"), (again!["id"]!.ToString(), again["name"]!.ToString()));
        Assert.NotEqual(first["source_id"]!.ToString(), again["source_id"]!.ToString());
        var chosen = new JsonObject { ["source_id"] = "5511900000001@c.us", ["phone_number"] = "+5511900000001" };
        await PostAsync($"{Public}/contacts", (JsonObject)chosen.DeepClone(), 200);
        await PostAsync($"{Public}/contacts", chosen, 200);
        var shown = (await _api.GetAsync($"{Account}/contacts/{first["id"]}", 200, Ct)).Body!["payload"]!;
        Assert.Equal(3, shown["contact_inboxes"]!.AsArray().Count);
    }

    [Fact]
    public async Task An_update_merges_attributes_and_replaces_the_rest_and_keys_are_removed_by_name()
    {
        var id = (await PostAsync($"{Account}/contacts", new() { ["name"] = "Ana", ["custom_attributes"] = new JsonObject { ["a"] = "1" } }, 200))!["payload"]!["contact"]!["id"];
        var updated = await SendAsync("PUT", $"{Account}/contacts/{id}", new() { ["name"] = "Bia", ["custom_attributes"] = new JsonObject { ["b"] = "2" } }, 200);
        Answers.Same("""{"a":"1","b":"2"}""", updated!["payload"]!["custom_attributes"]);
        Assert.Equal("Bia", updated["payload"]!["name"]!.ToString());
        var less = await PostAsync($"{Account}/contacts/{id}/destroy_custom_attributes", new() { ["custom_attributes"] = new JsonArray("a") }, 200);
        Answers.Same("""{"b":"2"}""", less!["payload"]!["custom_attributes"]);
    }

    [Fact]
    public async Task A_search_looks_for_a_part_of_name_phone_and_identifier_and_not_into_attributes()
    {
        await PostAsync($"{Account}/contacts", new() { ["name"] = "Ana Example", ["phone_number"] = "+5511900000001", ["identifier"] = "Key7", ["custom_attributes"] = new JsonObject { ["a"] = "hidden" } }, 200);
        foreach (var (q, count) in new[] { ("ana", 1), ("0000001", 1), ("Key", 1), ("key", 0), ("hidden", 0), ("", 0) })
        {
            var found = (await _api.GetAsync($"{Account}/contacts/search?q={q}", 200, Ct)).Body!;
            Assert.True(found["payload"]!.AsArray().Count == count, q);
            Assert.False(found["meta"]!["has_more"]!.GetValue<bool>());
        }
    }

    [Fact]
    public async Task Contacts_are_added_to_inboxes_found_by_source_id_merged_and_deleted()
    {
        var ana = (await PostAsync($"{Account}/contacts", new() { ["name"] = "Ana", ["phone_number"] = "+5511900000001" }, 200))!["payload"]!["contact"]!["id"]!;
        var lid = (await PostAsync($"{Account}/contacts", new() { ["name"] = "Hidden", ["identifier"] = "7@lid", ["inbox_id"] = 3, ["source_id"] = "7@lid" }, 200))!["payload"]!["contact"]!["id"]!;
        await PostAsync($"{Account}/contacts/{ana}/contact_inboxes", new() { ["inbox_id"] = 3, ["source_id"] = "7@lid" }, 500);
        Assert.Equal("ana", (await PostAsync($"{Account}/contacts/{ana}/contact_inboxes", new() { ["inbox_id"] = 3, ["source_id"] = "ana" }, 200))!["source_id"]!.ToString());
        Assert.Equal("ana", (await _api.GetAsync($"{Account}/contacts/{ana}/contactable_inboxes", 200, Ct)).Body!["payload"]![0]!["source_id"]!.ToString());
        Assert.Equal(ana.ToString(), (await PostAsync($"{Account}/contact_inboxes/filter", new() { ["inbox_id"] = 3, ["source_id"] = "ana" }, 200))!["id"]!.ToString());
        Assert.Null(await PostAsync($"{Account}/contact_inboxes/filter", new() { ["inbox_id"] = 3, ["source_id"] = "nobody" }, 404));
        await PostAsync($"{Public}/contacts/7@lid/conversations", [], 200);
        var merged = await PostAsync($"{Account}/actions/contact_merge", new() { ["base_contact_id"] = ana.DeepClone(), ["mergee_contact_id"] = lid.DeepClone() }, 200);
        Assert.Equal(("7@lid", 2), (merged!["identifier"]!.ToString(), merged["contact_inboxes"]!.AsArray().Count));
        Assert.Single((await _api.GetAsync($"{Account}/contacts/{ana}/conversations", 200, Ct)).Body!["payload"]!.AsArray());
        await SendAsync("DELETE", $"{Account}/contacts/{ana}", null, 200);
        await SendAsync("GET", $"{Account}/contacts/{ana}", null, 404);
    }

    [Fact]
    public async Task A_conversation_belongs_to_one_place_and_a_locked_inbox_gives_the_last_one_again()
    {
        var contact = await PostAsync($"{Public}/contacts", new() { ["source_id"] = "ana", ["identifier"] = "ana" }, 200);
        var one = (await PostAsync($"{Public}/contacts/ana/conversations", [], 200))!["id"]!.GetValue<long>();
        Assert.NotEqual(one, (await PostAsync($"{Public}/contacts/ana/conversations", [], 200))!["id"]!.GetValue<long>());
        _chatwoot.Store.FindInbox(ChatwootSimulator.InboxId)!.LocksToSingle = true;
        var last = (await PostAsync($"{Public}/contacts/ana/conversations", [], 200))!["id"]!.GetValue<long>();
        await PostAsync($"{Account}/conversations/{last}/toggle_status", new() { ["status"] = "resolved" }, 200);
        var locked = await PostAsync($"{Public}/contacts/ana/conversations", [], 200);
        Assert.Equal((last, "resolved"), (locked!["id"]!.GetValue<long>(), locked["status"]!.ToString()));
        await PostAsync($"{Public}/contacts", new() { ["source_id"] = "second", ["identifier"] = "ana" }, 200);
        await PostAsync($"{Public}/contacts/second/conversations/{last}/update_last_seen", [], 404);
        await PostAsync($"{Public}/contacts/ana/conversations/{last}/update_last_seen", [], 200);
        var listed = (await _api.GetAsync($"{Account}/conversations?inbox_id=3&source_id=ana&status=all", 200, Ct)).Body!["data"]!["payload"]!.AsArray();
        Assert.Equal(2, listed.Count);
        Assert.Equal(contact!["id"]!.ToString(), listed[0]!["meta"]!["sender"]!["id"]!.ToString());
        Answers.Same("""{"error":"source_id should be unique"}""", await PostAsync($"{Account}/conversations", new() { ["inbox_id"] = 3, ["contact_id"] = (await OtherAsync()).DeepClone(), ["source_id"] = "ana" }, 422));
    }

    [Fact]
    public async Task Faults_come_as_chatwoot_and_its_proxies_word_them()
    {
        _chatwoot.Faults.Down = new ChatwootFault.Status(429);
        using (var limited = await _api.GetAsync(new Uri($"{Account}/inboxes", UriKind.Relative), Ct))
        {
            Assert.Equal((429, "Retry later\n", "text/plain"), ((int)limited.StatusCode, await limited.Content.ReadAsStringAsync(Ct), limited.Content.Headers.ContentType!.MediaType));
            Assert.Null(limited.Headers.RetryAfter);
        }

        _chatwoot.Faults.Down = new ChatwootFault.Status(429, RetryAfterSeconds: 7);
        using (var limited = await _api.GetAsync(new Uri($"{Account}/inboxes", UriKind.Relative), Ct)) Assert.Equal(TimeSpan.FromSeconds(7), limited.Headers.RetryAfter!.Delta);
        _chatwoot.Faults.Down = new ChatwootFault.Status(502);
        using (var proxy = await _api.GetAsync(new Uri($"{Account}/inboxes", UriKind.Relative), Ct)) Assert.Equal("text/html", proxy.Content.Headers.ContentType!.MediaType);
        _chatwoot.Faults.Down = new ChatwootFault.Reset();
        await Assert.ThrowsAsync<HttpRequestException>(() => _api.GetAsync(new Uri($"{Account}/inboxes", UriKind.Relative), Ct));
        _chatwoot.Faults.Down = new ChatwootFault.ResetAfterCommit();
        await Assert.ThrowsAsync<HttpRequestException>(() => _api.PostAsJsonAsync($"{Public}/contacts", new JsonObject { ["identifier"] = "kept" }, Ct));
        _chatwoot.Faults.Down = new ChatwootFault.StatusAfterCommit(500);
        await _api.ExpectAsync(HttpMethod.Post, $"{Public}/contacts", new JsonObject { ["identifier"] = "kept too" }, 500, Ct);
        _chatwoot.Faults.Down = null;
        Assert.Equal(2, _chatwoot.Store.Read((contacts, _) => contacts.Values.Count(c => c.Identifier!.StartsWith("kept", StringComparison.Ordinal))));
        _chatwoot.Faults.ResponseDelay = TimeSpan.FromMinutes(1);
        using var impatient = new CancellationTokenSource();
        var slow = _api.GetAsync(new Uri($"{Account}/inboxes", UriKind.Relative), impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
    }

    private static JsonObject Definition(string key) => new() { ["attribute_key"] = key, ["attribute_display_name"] = key, ["attribute_description"] = key, ["attribute_display_type"] = 0, ["attribute_model"] = 1 };

    private async Task<JsonNode> OtherAsync() => (await PostAsync($"{Account}/contacts", new() { ["name"] = "Other" }, 200))!["payload"]!["contact"]!["id"]!;

    private Task<JsonNode?> PostAsync(string path, JsonObject body, int expected) => SendAsync("POST", path, body, expected);

    private async Task<JsonNode?> SendAsync(string method, string path, JsonObject? body, int expected) => (await _api.ExpectAsync(new(method), path, body, expected, Ct)).Body;

    private HttpClient NewClient(string? token)
    {
        var client = new HttpClient(_handler, disposeHandler: false) { BaseAddress = _chatwoot.BaseUrl };
        if (token is not null) client.DefaultRequestHeaders.Add("Api-Access-Token", token);
        return client;
    }
}
