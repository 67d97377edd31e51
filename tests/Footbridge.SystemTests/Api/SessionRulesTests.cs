using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;

namespace Footbridge.SystemTests.Api;

/// <summary>What sessions promise to scripts: idempotence, round trips, waiting, defaults.</summary>
public sealed class SessionRulesTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(60));
    private World _world = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync() => _world = await World.StartAsync(Ct, configure: s => (s.GuardPresenceWait, s.GuardStatusWait) = (TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30)));

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task A_send_right_after_a_restart_waits_for_the_session_and_succeeds()
    {
        var customer = _world.WhatsApp.AddAccount("5511900000001", "Ana Example");
        await _world.LinkAsync("shop", _world.WhatsApp.AddAccount("5511900000099", "Shop"), Ct);
        await _world.PostAsync("/api/sessions/shop/stop", [], 201, Ct);
        var sending = _world.PostAsync("/api/sendText", new() { ["session"] = "shop", ["chatId"] = "5511900000001", ["text"] = 42 }, 201, Ct);
        Assert.False(sending.IsCompleted);
        await _world.PostAsync("/api/sessions/shop/start", [], 201, Ct);
        Assert.Equal("true_5511900000001@c.us", string.Join('_', (await sending)!["id"]!.ToString().Split('_')[..2]));
        Assert.Equal("42", (await customer.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task A_qr_asked_for_before_the_session_is_there_comes_when_it_is()
    {
        var asking = _world.Api.GetAsync("/api/late/auth/qr?format=raw", 200, Ct);
        await _world.PostAsync("/api/sessions", new() { ["name"] = "late" }, 201, Ct);
        Assert.NotEmpty((await asking).Body!["value"]!.ToString());
    }

    [Fact]
    public async Task Start_stop_restart_and_delete_can_be_said_twice()
    {
        await _world.PostAsync("/api/sessions", new() { ["name"] = "one" }, 201, Ct);
        await _world.WaitStatusAsync("one", "SCAN_QR_CODE", Ct);
        Assert.Equal("SCAN_QR_CODE", (await _world.PostAsync("/api/sessions/one/start", [], 201, Ct))!["status"]!.ToString());
        Assert.Equal("STOPPED", (await _world.PostAsync("/api/sessions/one/stop", [], 201, Ct))!["status"]!.ToString());
        Assert.Equal("STOPPED", (await _world.PostAsync("/api/sessions/one/stop", [], 201, Ct))!["status"]!.ToString());
        await _world.PostAsync("/api/sessions/one/restart", [], 201, Ct);
        await _world.WaitStatusAsync("one", "SCAN_QR_CODE", Ct);
        Assert.Null((await _world.Api.ExpectAsync(HttpMethod.Delete, "/api/sessions/one", null, 200, Ct)).Body);
        Assert.Null((await _world.Api.ExpectAsync(HttpMethod.Delete, "/api/sessions/one", null, 200, Ct)).Body);
        Assert.Null(await _world.PostAsync("/api/sessions/one/stop", [], 201, Ct));
    }

    [Fact]
    public async Task Every_field_of_a_configuration_comes_back_as_it_was_and_an_update_replaces_all_of_it()
    {
        const string Config = """
            {"metadata":{"user.id":"7"},"proxy":{"server":"proxy.example:8080"},"debug":true,"ignore":{"status":null,"groups":true},
             "client":{"deviceName":"Shop","browserName":"Firefox"},"noweb":{"markOnline":false,"store":{"enabled":true,"fullSync":false}},
             "gows":{"storage":{"messages":true}},"webjs":{"tagsEventsOn":true},
             "webhooks":[{"url":"https://example.org/hook","events":["message"],"customHeaders":[{"name":"A","value":"b"}]}],"unknown":[1,2]}
            """;
        var created = await _world.PostAsync("/api/sessions", new() { ["name"] = "one", ["start"] = false, ["config"] = JsonNode.Parse(Config) }, 201, Ct);
        Answers.Same(Config, created!["config"]);
        Answers.Same(Config, (await _world.Api.GetAsync("/api/sessions/one", 200, Ct)).Body!["config"]);
        var (_, updated) = await _world.Api.ExpectAsync(HttpMethod.Put, "/api/sessions/one", JsonNode.Parse("""{"name":"ignored","config":{"debug":false}}"""), 200, Ct);
        Answers.Same("""{"debug":false}""", updated!["config"]);
        Assert.Equal(("one", "STOPPED"), (updated["name"]!.ToString(), updated["status"]!.ToString()));
    }

    [Fact]
    public async Task A_name_may_have_54_characters_and_one_is_made_when_none_is_given()
    {
        await _world.PostAsync("/api/sessions", new() { ["name"] = new string('x', 54), ["start"] = false }, 201, Ct);
        await _world.PostAsync("/api/sessions", new() { ["name"] = new string('x', 55), ["start"] = false }, 400, Ct);
        var made = await _world.PostAsync("/api/sessions", new() { ["name"] = "", ["start"] = false }, 201, Ct);
        Assert.Matches("^session_[0-9a-z]{26}$", made!["name"]!.ToString());
        using var empty = await _world.Api.PostAsync("/api/sessions", null, Ct);
        Assert.Equal(201, (int)empty.StatusCode);
    }

    [Fact]
    public async Task The_list_leaves_stopped_sessions_out_unless_asked_for_all_and_shows_apps_on_demand()
    {
        await _world.PostAsync("/api/sessions", new() { ["name"] = "on" }, 201, Ct);
        await _world.PostAsync("/api/sessions", new() { ["name"] = "off", ["start"] = false }, 201, Ct);
        foreach (var path in new[] { "/api/sessions", "/api/sessions/", "/api/sessions?all=false", "/api/sessions?all=0" }) Assert.Equal(["on"], await NamesAsync(path));
        foreach (var path in new[] { "/api/sessions?all=true", "/api/sessions?all=1", "/api/sessions?all=True&expand=apps" }) Assert.Equal(["off", "on"], await NamesAsync(path));
        var (_, plain) = await _world.Api.GetAsync("/api/sessions/off", 200, Ct);
        Assert.Equal(["name", "status", "config", "me", "engine", "presence", "timestamps", "assignedWorker"], plain!.AsObject().Select(pair => pair.Key));
        Assert.Empty((await _world.Api.GetAsync("/api/sessions/off?expand=apps", 200, Ct)).Body!["apps"]!.AsArray());
    }

    [Fact]
    public async Task Who_a_session_is_is_null_until_it_is_linked_and_after_it_is_stopped()
    {
        await _world.PostAsync("/api/sessions", new() { ["name"] = "off", ["start"] = false }, 201, Ct);
        Assert.Equal("null", await _world.Api.GetStringAsync("/api/sessions/off/me", Ct));
        await _world.LinkAsync("shop", _world.WhatsApp.AddAccount("5511900000099", "Shop"), Ct);
        var me = JsonNode.Parse(await _world.Api.GetStringAsync("/api/sessions/shop/me", Ct))!;
        Assert.Equal("5511900000099@c.us", me["id"]!.ToString());
        Assert.Matches(@"^5511900000099:\d+@s\.whatsapp\.net$", me["jid"]!.ToString());
        Assert.Matches(@"^\d+@lid$", me["lid"]!.ToString());
        await _world.PostAsync("/api/sessions/shop/logout", [], 201, Ct);
        await _world.WaitStatusAsync("shop", "SCAN_QR_CODE", Ct);
        Assert.Null((await _world.Api.GetAsync("/api/sessions/shop", 200, Ct)).Body!["me"]);
        await _world.PostAsync("/api/sessions/shop/stop", [], 201, Ct);
        Assert.Equal("null", await _world.Api.GetStringAsync("/api/sessions/shop/me", Ct));
    }

    [Fact]
    public async Task A_stopped_session_stays_stopped_over_a_restart_of_the_process_and_a_linked_one_keeps_its_device()
    {
        await _world.LinkAsync("shop", _world.WhatsApp.AddAccount("5511900000099", "Shop"), Ct);
        await _world.PostAsync("/api/sessions", new() { ["name"] = "off" }, 201, Ct);
        await _world.PostAsync("/api/sessions/off/stop", [], 201, Ct);
        await _world.Product.DisposeAsync();
        await _world.StartProductAsync(Ct);
        await _world.WaitStatusAsync("shop", "WORKING", Ct);
        Assert.Equal(["shop"], await NamesAsync("/api/sessions"));
        using var updated = await _world.Api.PutAsync("/api/sessions/shop", new StringContent("{}", System.Text.Encoding.UTF8, "application/json"), Ct);
        Assert.True(updated.IsSuccessStatusCode);
        await _world.WaitStatusAsync("shop", "WORKING", Ct);
    }

    [Fact]
    public async Task A_body_may_be_urlencoded_and_nested()
    {
        using var created = await _world.Api.PostAsync("/api/sessions", Answers.Form("name=form&start=false&config[metadata][a]=b&config[debug]=true"), Ct);
        Assert.Equal(201, (int)created.StatusCode);
        var (_, session) = await _world.Api.GetAsync("/api/sessions/form", 200, Ct);
        Assert.Equal(("STOPPED", "b"), (session!["status"]!.ToString(), session["config"]!["metadata"]!["a"]!.ToString()));
    }

    [Fact]
    public async Task The_last_three_states_are_kept_in_order()
    {
        var phone = _world.WhatsApp.AddAccount("5511900000099", "Shop");
        await _world.LinkAsync("shop", phone, Ct);
        await _world.PostAsync("/api/sessions/shop/stop", [], 201, Ct);
        var sessions = (SessionRegistry)_world.Product.Services.GetService(typeof(SessionRegistry))!;
        var told = sessions.Find("shop")!.Statuses;
        Assert.Equal(["STARTING", "WORKING", "STOPPED"], told.Select(status => status.Status));
        Assert.True(told[0].At <= told[1].At && told[1].At <= told[2].At);
    }

    private async Task<IReadOnlyList<string>> NamesAsync(string path) =>
        [.. (await _world.Api.GetAsync(path, 200, Ct)).Body!.AsArray().Select(session => session!["name"]!.ToString())];
}
