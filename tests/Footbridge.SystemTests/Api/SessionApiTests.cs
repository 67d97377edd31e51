using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Api;

public sealed class SessionApiTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(60));
    private World _world = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync() => _world = await World.StartAsync(Ct);

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task A_session_is_linked_by_qr_and_sends_and_shows_who_it_is()
    {
        var customer = _world.WhatsApp.AddAccount("5511900000001", "Ana Example");
        await _world.LinkAsync("shop", _world.WhatsApp.AddAccount("5511900000099", "Shop"), Ct);
        var me = await _world.Api.GetFromJsonAsync<JsonObject>("/api/sessions/shop/me", Ct);
        Assert.Equal("5511900000099@c.us", me!["id"]!.ToString());

        var sent = await _world.PostAsync("/api/sendText", new() { ["session"] = "shop", ["chatId"] = "5511900000001@c.us", ["text"] = "hello" }, 201, Ct);
        Assert.StartsWith("true_5511900000001@c.us_3EB0", sent!["id"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(("hello", 1), (sent["body"]!.ToString(), sent["ack"]!.GetValue<int>()));
        Assert.Equal("hello", (await customer.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task A_qr_code_comes_as_png_as_base64_and_raw()
    {
        await _world.PostAsync("/api/sessions", new() { ["name"] = "qr" }, 201, Ct);
        await _world.WaitStatusAsync("qr", "SCAN_QR_CODE", Ct);
        var png = await _world.Api.GetByteArrayAsync("/api/qr/auth/qr", Ct);
        Assert.Equal("89504E47", Convert.ToHexString(png.AsSpan(0, 4)));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/qr/auth/qr?format=image") { Headers = { { "Accept", "application/json" } } };
        using var response = await _world.Api.SendAsync(request, Ct);
        var json = await response.Content.ReadFromJsonAsync<JsonObject>(Ct);
        Assert.Equal("image/png", json!["mimetype"]!.ToString());
        Assert.StartsWith("https://wa.me/", (await _world.Api.GetFromJsonAsync<JsonObject>("/api/qr/auth/qr?format=raw", Ct))!["value"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_linked_session_works_again_by_itself_after_a_restart_of_the_process()
    {
        await _world.LinkAsync("shop", _world.WhatsApp.AddAccount("5511900000099", "Shop"), Ct);
        await _world.Product.DisposeAsync();
        await _world.StartProductAsync(Ct);
        await _world.WaitStatusAsync("shop", "WORKING", Ct);
    }

    [Fact]
    public async Task A_second_process_on_the_same_data_is_refused() =>
        await Assert.ThrowsAsync<DatabaseInUseException>(() => Product.StartAsync(_world.Settings(), TimeProvider.System, Ct));

    [Fact]
    public async Task Without_the_right_key_nothing_but_ping_answers()
    {
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = _world.Product.Url };
        Assert.Equal("pong", (await client.GetFromJsonAsync<JsonObject>("/ping", Ct))!["message"]!.ToString());
        foreach (var path in new[] { "/api/sessions", "/health", "/jobs/queue/x/y" })
        {
            using var refused = await client.GetAsync(path, Ct);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Equal("Unauthorized", (await refused.Content.ReadFromJsonAsync<JsonObject>(Ct))!["message"]!.ToString());
        }

        client.DefaultRequestHeaders.Add("x-api-key", "wrong");
        using var wrong = await client.GetAsync("/api/sessions", Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
    }

    [Fact]
    public async Task A_key_given_as_its_digest_opens_with_the_plain_key()
    {
        await _world.Product.DisposeAsync();
        var settings = _world.Settings();
        settings.ApiKey = "sha512:" + Convert.ToHexString(SHA512.HashData(Encoding.UTF8.GetBytes("plain")));
        await using var product = await Product.StartAsync(settings, TimeProvider.System, Ct);
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = product.Url };
        client.DefaultRequestHeaders.Add("X-Api-Key", "plain");
        Assert.Equal("ok", (await client.GetFromJsonAsync<JsonObject>("/health", Ct))!["status"]!.ToString());
    }

    [Fact]
    public async Task Errors_have_wahas_shapes()
    {
        var unknown = await _world.Api.GetAsync("/api/sessions/nobody", Ct);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal("Session not found", (await unknown.Content.ReadFromJsonAsync<JsonObject>(Ct))!["message"]!.ToString());
        await _world.PostAsync("/api/sessions", new() { ["name"] = "one", ["start"] = false }, 201, Ct);
        var taken = await _world.PostAsync("/api/sessions", new() { ["name"] = "one" }, 422, Ct);
        Assert.Equal("Session 'one' already exists. Use PUT to update it.", taken!["message"]!.ToString());
        var badName = await _world.PostAsync("/api/sessions", new() { ["name"] = "no spaces" }, 400, Ct);
        Assert.IsType<JsonArray>(badName!["message"]);
        var noChat = await _world.PostAsync("/api/sendText", new() { ["session"] = "one", ["text"] = "x" }, 400, Ct);
        Assert.Contains("chatId", noChat!["message"]!.ToJsonString(), StringComparison.Ordinal);
        var notRunning = await _world.PostAsync("/api/sendText", new() { ["session"] = "one", ["chatId"] = "1@c.us", ["text"] = "x" }, 422, Ct);
        Assert.Equal("one", notRunning!["session"]!.ToString());
        using var broken = await _world.Api.PostAsync("/api/sendText", new StringContent("{", Encoding.UTF8, "application/json"), Ct);
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
    }

    [Fact]
    public async Task A_session_is_listed_stopped_updated_and_deleted()
    {
        await _world.PostAsync("/api/sessions", new() { ["name"] = "one", ["config"] = new JsonObject { ["metadata"] = new JsonObject { ["a"] = "b" } } }, 201, Ct);
        await _world.WaitStatusAsync("one", "SCAN_QR_CODE", Ct);
        Assert.Single((await _world.Api.GetFromJsonAsync<JsonArray>("/api/sessions", Ct))!);
        await _world.PostAsync("/api/sessions/one/stop", [], 201, Ct);
        Assert.Empty((await _world.Api.GetFromJsonAsync<JsonArray>("/api/sessions", Ct))!);
        var all = await _world.Api.GetFromJsonAsync<JsonArray>("/api/sessions?all=true", Ct);
        Assert.Equal(("STOPPED", "b"), (all![0]!["status"]!.ToString(), all[0]!["config"]!["metadata"]!["a"]!.ToString()));
        using var updated = await _world.Api.PutAsJsonAsync("/api/sessions/one", new JsonObject { ["config"] = new JsonObject() }, Ct);
        Assert.Equal(HttpStatusCode.OK, updated.StatusCode);
        using var deleted = await _world.Api.DeleteAsync("/api/sessions/one", Ct);
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Empty((await _world.Api.GetFromJsonAsync<JsonArray>("/api/sessions?all=true", Ct))!);
        await _world.PostAsync("/api/sessions/one/start", [], 404, Ct);
    }

    [Fact]
    public async Task Logging_out_unlinks_the_device_and_shows_a_new_code()
    {
        await _world.LinkAsync("shop", _world.WhatsApp.AddAccount("5511900000099", "Shop"), Ct);
        await _world.PostAsync("/api/sessions/shop/logout", [], 201, Ct);
        await _world.WaitStatusAsync("shop", "SCAN_QR_CODE", Ct);
    }
}
