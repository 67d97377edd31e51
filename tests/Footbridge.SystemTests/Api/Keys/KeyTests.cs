using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Footbridge.SystemTests.Api.Keys;

/// <summary>API keys: made, changed, kept, and held to their session.</summary>
public sealed class KeyTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(90));
    private readonly OpenApi? _contract = OpenApi.Load();
    private World _world = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        OpenApi.Require(_contract);
        _world = await World.StartAsync(Ct);
        foreach (var name in new[] { "mine", "other" }) await _world.PostAsync("/api/sessions", new() { ["name"] = name, ["start"] = false }, 201, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_world is not null) await _world.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task A_key_is_made_listed_changed_switched_off_and_deleted()
    {
        var made = await CheckAsync("POST", "/api/keys", "/api/keys", """{"isAdmin":false,"session":"mine","isActive":true,"actions":{"read":true}}""", 201);
        Answers.Same("""{"read":true,"send":false,"control":false,"setting":false,"app":false,"delete":false}""", made["actions"]);
        Assert.Matches("^key_id_[0-9a-z]{26}$", made["id"]!.ToString());
        Assert.Matches("^key_[0-9A-Za-z]{32}$", made["key"]!.ToString());
        Assert.Equal(made["key"]!.ToString(), Assert.Single((await CheckAsync("GET", "/api/keys", "/api/keys", null, 200)).AsArray())!["key"]!.ToString());
        using var client = Client(made);
        await client.GetAsync("/api/sessions/mine", 200, Ct);
        var path = $"/api/keys/{made["id"]}";
        var changed = await CheckAsync("PUT", "/api/keys/{id}", path, """{"isAdmin":false,"session":"mine","isActive":false,"actions":null}""", 200);
        Assert.Equal((made["key"]!.ToString(), null), (changed["key"]!.ToString(), changed["actions"]));
        await client.GetAsync("/api/sessions/mine", 401, Ct);
        await CheckAsync("PUT", "/api/keys/{id}", path, """{"isAdmin":true,"session":null,"isActive":true}""", 200);
        await client.GetAsync("/api/keys", 200, Ct);
        Answers.Same("""{"result":true}""", (await _world.Api.ExpectAsync(HttpMethod.Delete, path, null, 200, Ct)).Body);
        await client.GetAsync("/api/sessions/mine", 401, Ct);
        var (_, missing) = await _world.Api.ExpectAsync(HttpMethod.Delete, path, null, 404, Ct);
        Assert.Equal("API key not found", missing!["message"]!.ToString());
        await _world.Api.ExpectAsync(HttpMethod.Put, path, JsonNode.Parse("""{"isAdmin":true,"session":null,"isActive":true}"""), 404, Ct);
    }

    [Theory]
    [InlineData("""{"isAdmin":true,"session":"mine","isActive":true}""", "Session is not allowed for admin keys")]
    [InlineData("""{"isAdmin":false,"session":null,"isActive":true}""", "Either isAdmin must be true or session must be provided")]
    [InlineData("""{"isAdmin":true,"session":null,"isActive":true,"actions":{"read":true}}""", "Actions are only allowed for session-scoped keys")]
    [InlineData("""{"isAdmin":false,"session":"nowhere","isActive":true}""", "Session \"nowhere\" does not exist")]
    public async Task A_key_that_makes_no_sense_is_refused_in_wahas_words(string body, string words)
    {
        var (_, answer) = await _world.Api.ExpectAsync(HttpMethod.Post, "/api/keys", JsonNode.Parse(body), 422, Ct);
        Assert.Equal(words, answer!["message"]!.ToString());
    }

    [Theory]
    [InlineData("media", "key_id_media_mine", false)]
    [InlineData("control", "key_id_control_mine", true)]
    public async Task A_sessions_media_and_control_keys_are_made_once(string kind, string id, bool mayControl)
    {
        var first = await CheckAsync("POST", $"/api/keys/{kind}", $"/api/keys/{kind}", """{"session":"mine"}""", 201);
        Assert.Equal((id, mayControl, false), (first["id"]!.ToString(), first["actions"]!["control"]!.GetValue<bool>(), first["actions"]!["read"]!.GetValue<bool>()));
        Assert.True(JsonNode.DeepEquals(first, await CheckAsync("POST", $"/api/keys/{kind}", $"/api/keys/{kind}", """{"session":"mine"}""", 201)));
        await _world.PostAsync($"/api/keys/{kind}", new() { ["session"] = "nowhere" }, 422, Ct);
        using var client = Client(first);
        var (_, missing) = await client.GetAsync("/api/files/mine/gone.jpg", 404, Ct);
        Assert.Equal("FILE_NOT_FOUND", missing!["error"]!["key"]!.ToString());
        await client.GetAsync("/api/files/other/gone.jpg", 403, Ct);
        await client.ExpectAsync(HttpMethod.Post, "/api/sessions/mine/stop", null, mayControl ? 201 : 403, Ct);
        await client.GetAsync("/api/mine/chats", 403, Ct);
    }

    [Fact]
    public async Task A_key_survives_a_restart_is_not_readable_in_the_database_and_is_not_shown_without_its_key_file()
    {
        var made = await MakeAsync();
        await _world.Product.DisposeAsync();
        var folder = _world.Settings().DataFolder;
        foreach (var file in Directory.GetFiles(folder)) Assert.Equal(-1, (await File.ReadAllBytesAsync(file, Ct)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(made["key"]!.ToString())));
        await _world.StartProductAsync(Ct);
        Assert.Equal(made["key"]!.ToString(), (await _world.Api.GetAsync("/api/keys", 200, Ct)).Body![0]!["key"]!.ToString());
        await _world.Product.DisposeAsync();
        File.Delete(Path.Combine(folder, "api-keys.key"));
        await _world.StartProductAsync(Ct);
        Assert.Equal("", (await _world.Api.GetAsync("/api/keys", 200, Ct)).Body![0]!["key"]!.ToString());
        using var client = Client(made);
        await client.GetAsync("/api/sessions/mine", 200, Ct);
    }

    [Fact]
    public async Task A_sessions_key_sees_its_session_alone_and_means_it_where_none_is_named()
    {
        using var client = Client(await MakeAsync());
        Assert.Equal("mine", Assert.Single((await client.GetAsync("/api/sessions?all=true", 200, Ct)).Body!.AsArray())!["name"]!.ToString());
        var (_, answer) = await client.ExpectAsync(HttpMethod.Post, "/api/sendText", new JsonObject { ["chatId"] = "5511900000001", ["text"] = "hi" }, 422, Ct);
        Assert.Equal("mine", answer!["session"]!.ToString());
        Assert.Equal("mine", (await client.GetAsync("/api/contacts/all", 422, Ct)).Body!["session"]!.ToString());
        await client.ExpectAsync(HttpMethod.Post, "/api/sendText?session=mine", new JsonObject { ["chatId"] = "1", ["text"] = "hi", ["session"] = "other" }, 403, Ct);
        using var form = new FormUrlEncodedContent([new("chatId", "1"), new("text", "hi"), new("session", "other")]);
        using var posted = await client.PostAsync("/api/sendText", form, Ct);
        Assert.Equal(403, (int)posted.StatusCode);
        // The body's session would win over the path's.
        await client.ExpectAsync(HttpMethod.Put, "/api/mine/chats/5511900000001@c.us/messages/true_5511900000001@c.us_AA", new JsonObject { ["text"] = "x", ["session"] = "other" }, 403, Ct);
        var (_, refused) = await client.GetAsync("/api/sessions/other", 403, Ct);
        Answers.Same("""{"message":"Forbidden","statusCode":403}""", refused);
    }

    [Fact]
    public async Task A_sessions_key_cannot_reach_an_app_of_another_session_or_replace_apps_without_the_right_to()
    {
        await _world.ConnectChatwootAsync("other", Ct);
        using var client = Client(await MakeAsync());
        await client.GetAsync("/api/apps/app_other", 403, Ct);
        await client.GetAsync("/api/apps/app_other/reconciliation", 403, Ct);
        await client.ExpectAsync(HttpMethod.Delete, "/api/apps/app_other", null, 403, Ct);
        Assert.Empty((await client.GetAsync("/api/apps", 200, Ct)).Body!.AsArray());
        await client.GetAsync("/api/apps?session=other", 403, Ct);
        using var limited = Client(await MakeAsync(new() { ["setting"] = true }));
        await limited.ExpectAsync(HttpMethod.Put, "/api/sessions/mine", new JsonObject { ["config"] = new JsonObject() }, 200, Ct);
        await limited.ExpectAsync(HttpMethod.Put, "/api/sessions/mine", new JsonObject { ["config"] = new JsonObject(), ["apps"] = new JsonArray() }, 403, Ct);
    }

    [Fact]
    public async Task A_deleted_sessions_keys_do_not_open_a_later_one_of_the_same_name()
    {
        using var client = Client(await MakeAsync(new() { ["delete"] = true }));
        await client.ExpectAsync(HttpMethod.Delete, "/api/sessions/mine", null, 200, Ct);
        await _world.PostAsync("/api/sessions", new() { ["name"] = "mine", ["start"] = false }, 201, Ct);
        await client.GetAsync("/api/sessions/mine", 401, Ct);
    }

    [Fact]
    public async Task A_socket_hears_only_the_session_of_its_key()
    {
        var key = (await MakeAsync())["key"]!.ToString();
        var silent = (await MakeAsync(new() { ["send"] = true }))["key"]!.ToString();
        foreach (var query in new[] { $"?session=other&x-api-key={key}", $"?x-api-key={silent}" })
        {
            using var refused = await OpenAsync(query);
            var end = await refused.ReceiveAsync(new byte[10], Ct);
            Assert.Equal((WebSocketCloseStatus.PolicyViolation, "Forbidden"), (end.CloseStatus, end.CloseStatusDescription));
        }

        using var socket = await OpenAsync($"?x-api-key={key}&session=*");
        var events = _world.Product.Services.GetRequiredService<LiveEvents>();
        foreach (var session in new[] { "other", "mine" }) events.Publish(new("evt_" + session, 1, "message.any", session, null, []));
        var buffer = new byte[4096];
        var frame = await socket.ReceiveAsync(buffer, Ct);
        Assert.Equal("mine", JsonNode.Parse(buffer.AsSpan(0, frame.Count))!["session"]!.ToString());
    }

    [Fact]
    public async Task A_key_in_the_query_goes_no_further_than_the_gate()
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = _world.Product.Url };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/jobs?X-Api-Key=wrong&page=2");
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await client.SendAsync(request, Ct);
        Assert.Equal("/login?returnUrl=%2Fjobs%3Fpage%3D2", response.Headers.Location!.ToString());
    }

    private async Task<JsonNode> MakeAsync(JsonObject? actions = null) =>
        (await _world.PostAsync("/api/keys", new() { ["isAdmin"] = false, ["session"] = "mine", ["isActive"] = true, ["actions"] = actions }, 201, Ct))!;

    private HttpClient Client(JsonNode key)
    {
        var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = _world.Product.Url };
        client.DefaultRequestHeaders.Add("X-Api-Key", key["key"]!.ToString());
        return client;
    }

    private async Task<ClientWebSocket> OpenAsync(string query)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(_world.Product.Url) { Scheme = "ws", Path = "/ws", Query = query }.Uri, Ct);
        return socket;
    }

    private async Task<JsonNode> CheckAsync(string method, string template, string path, string? body, int status)
    {
        var answer = await _world.Api.ExpectAsync(new(method), path, body is null ? null : JsonNode.Parse(body), status, Ct);
        Assert.Empty(_contract!.Check(method, template, answer.Status, answer.Body));
        return answer.Body!;
    }
}
