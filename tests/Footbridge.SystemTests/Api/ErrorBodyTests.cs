using System.Text;
using System.Text.Json.Nodes;
using Footbridge.Jobs.Sqlite;

namespace Footbridge.SystemTests.Api;

/// <summary>The table of error bodies, each compared whole.</summary>
public sealed class ErrorBodyTests : IAsyncLifetime
{
    private const string NameRule = "Session name can only contain alphanumeric characters, hyphens, and underscores (a-z, A-Z, 0-9, -, _) or be empty";
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(60));
    private World _world = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        _world = await World.StartAsync(Ct);
        await _world.PostAsync("/api/sessions", new() { ["name"] = "off", ["start"] = false }, 201, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _timeout.Dispose();
    }

    [Theory]
    [InlineData("GET", "/api/sessions/nobody", null, 404, """{"message":"Session not found","error":"Not Found","statusCode":404}""")]
    [InlineData("GET", "/api/sessions/nobody/me", null, 404, """{"message":"Session not found","error":"Not Found","statusCode":404}""")]
    [InlineData("PUT", "/api/sessions/nobody", "{}", 404, """{"message":"Session not found","error":"Not Found","statusCode":404}""")]
    [InlineData("POST", "/api/sessions/nobody/start", null, 404, """{"message":"Session not found","error":"Not Found","statusCode":404}""")]
    [InlineData("POST", "/api/sessions/nobody/restart", null, 404, """{"message":"Session not found","error":"Not Found","statusCode":404}""")]
    [InlineData("POST", "/api/sessions/nobody/logout", null, 404, """{"message":"Session not found","error":"Not Found","statusCode":404}""")]
    [InlineData("POST", "/api/sessions", """{"name":"off"}""", 422, """{"message":"Session 'off' already exists. Use PUT to update it.","error":"Unprocessable Entity","statusCode":422}""")]
    [InlineData("POST", "/api/sessions", """{"name":"a b"}""", 400, $$"""{"message":["{{NameRule}}"],"error":"Bad Request","statusCode":400}""")]
    [InlineData("POST", "/api/sessions", """{"config":{"metadata":{"a":1}}}""", 400, """{"message":["metadata accepts string key-value pairs only"],"error":"Bad Request","statusCode":400}""")]
    [InlineData("POST", "/api/sessions", """{"config":"x"}""", 400, """{"message":["config must be an object"],"error":"Bad Request","statusCode":400}""")]
    [InlineData("PUT", "/api/sessions/off", """{"config":{"proxy":1,"debug":"maybe"}}""", 400, """{"message":["config.proxy must be an object","config.debug must be a boolean value"],"error":"Bad Request","statusCode":400}""")]
    [InlineData("POST", "/api/sessions", """{"config":{"webhooks":[{"url":"example.org"}]}}""", 400, """{"message":["config.webhooks.url must be a URL address with a protocol","config.webhooks.events must be an array"],"error":"Bad Request","statusCode":400}""")]
    [InlineData("POST", "/api/sendText", """{"session":"off","text":"x"}""", 400, """{"message":["chatId should not be empty","chatId must be a string"],"error":"Bad Request","statusCode":400}""")]
    [InlineData("POST", "/api/sendText", """{"session":"off","chatId":"1@c.us"}""", 400, """{"message":["text must be a string"],"error":"Bad Request","statusCode":400}""")]
    [InlineData("POST", "/api/sendText", """{"session":"off","chatId":"1@c.us","text":"x"}""", 422, """{"error":"Session status is not as expected. Try again later or restart the session","session":"off","status":"STOPPED","expected":["WORKING"]}""")]
    [InlineData("POST", "/api/sendText", """{"chatId":"1@c.us","text":"x"}""", 422, """{"error":"Session \"default\" does not exist","session":"default"}""")]
    [InlineData("POST", "/api/sendText?session=other", """{"chatId":"1@c.us","text":"x"}""", 422, """{"error":"Session \"other\" does not exist","session":"other"}""")]
    [InlineData("GET", "/api/off/auth/qr", null, 422, """{"error":"Session status is not as expected. Try again later or restart the session","session":"off","status":"STOPPED","expected":["SCAN_QR_CODE"]}""")]
    [InlineData("GET", "/api/nobody/auth/qr", null, 422, """{"error":"Session \"nobody\" does not exist","session":"nobody"}""")]
    [InlineData("GET", "/api/off/auth/qr?format=svg", null, 400, """{"message":["format must be one of the following values: image, raw"],"error":"Bad Request","statusCode":400}""")]
    [InlineData("GET", "/api/apps", null, 400, """{"message":["session should not be empty"],"error":"Bad Request","statusCode":400}""")]
    [InlineData("GET", "/api/apps/none", null, 404, """{"message":"App not found","error":"Not Found","statusCode":404}""")]
    [InlineData("DELETE", "/api/apps/none", null, 404, """{"message":"App not found","error":"Not Found","statusCode":404}""")]
    [InlineData("GET", "/api/nothing/here", null, 404, """{"message":"Cannot GET /api/nothing/here","error":"Not Found","statusCode":404}""")]
    [InlineData("PATCH", "/api/sessions", "{}", 404, """{"message":"Cannot PATCH /api/sessions","error":"Not Found","statusCode":404}""")]
    public async Task An_error_has_wahas_status_and_body(string method, string path, string? body, int status, string expected)
    {
        var (_, actual) = await _world.Api.ExpectAsync(new(method), path, body is null ? null : JsonNode.Parse(body), status, Ct);
        Answers.Same(expected, actual);
    }

    [Theory]
    [InlineData("sessions")]
    [InlineData("server")]
    [InlineData("apps")]
    [InlineData("version")]
    public async Task A_session_cannot_be_named_like_a_route(string name) =>
        await _world.PostAsync("/api/sessions", new() { ["name"] = name, ["start"] = false }, 400, Ct);

    [Fact]
    public async Task A_body_that_is_no_json_is_named_as_such_and_not_repeated()
    {
        using var broken = await _world.Api.PostAsync("/api/sessions", new StringContent("{\"accountToken\":\"s3cret", Encoding.UTF8, "application/json"), Ct);
        Assert.Equal(400, (int)broken.StatusCode);
        Answers.Same("""{"message":["the body is not valid JSON"],"error":"Bad Request","statusCode":400}""", JsonNode.Parse(await broken.Content.ReadAsStringAsync(Ct)));
    }

    [Fact]
    public async Task A_send_in_a_state_that_is_not_working_names_the_state()
    {
        await _world.PostAsync("/api/sessions", new() { ["name"] = "scan" }, 201, Ct);
        await _world.WaitStatusAsync("scan", "SCAN_QR_CODE", Ct);
        var refused = await _world.PostAsync("/api/sendText", new() { ["session"] = "scan", ["chatId"] = "1@c.us", ["text"] = "x" }, 422, Ct);
        Answers.Same("""{"error":"Session status is not as expected. Try again later or restart the session","session":"scan","status":"SCAN_QR_CODE","expected":["WORKING"]}""", refused);
    }

    [Fact]
    public async Task A_chat_this_version_cannot_send_to_is_501_and_a_number_without_whatsapp_422()
    {
        await _world.LinkAsync("shop", _world.WhatsApp.AddAccount("5511900000099", "Shop"), Ct);
        var list = await _world.PostAsync("/api/sendText", new() { ["session"] = "shop", ["chatId"] = "12345@broadcast", ["text"] = "x" }, 501, Ct);
        Assert.StartsWith("The method is not implemented by 'NOWEB' engine.", list!["message"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("Not Implemented", list["error"]!.ToString());
        var nobody = await _world.PostAsync("/api/sendText", new() { ["session"] = "shop", ["chatId"] = "5511900000555@c.us", ["text"] = "x" }, 422, Ct);
        Assert.Equal("Unprocessable Entity", nobody!["error"]!.ToString());
    }

    [Fact]
    public async Task What_nobody_foresaw_is_500_without_stack_and_without_the_request()
    {
        await ((SqliteDatabase)_world.Product.Services.GetService(typeof(SqliteDatabase))!).DisposeAsync();
        var (_, body) = await _world.Api.ExpectAsync(HttpMethod.Post, "/api/sessions", new JsonObject { ["name"] = "x", ["secret"] = "s3cret" }, 500, Ct);
        Assert.Equal(["statusCode", "timestamp", "exception", "request", "version"], body!.AsObject().Select(pair => pair.Key));
        Assert.Equal(["message", "name"], body["exception"]!.AsObject().Select(pair => pair.Key));
        Answers.Same("""{"path":"/api/sessions","method":"POST"}""", body["request"]);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", body["timestamp"]!.ToString());
        Assert.DoesNotContain("s3cret", body.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_makes_health_503()
    {
        await ((SqliteDatabase)_world.Product.Services.GetService(typeof(SqliteDatabase))!).DisposeAsync();
        var (_, body) = await _world.Api.GetAsync("/health", 503, Ct);
        Assert.Equal(("error", "down"), (body!["status"]!.ToString(), body["error"]!["database"]!["status"]!.ToString()));
        Assert.Equal("up", body["info"]!["sessionsFiles.space"]!["status"]!.ToString());
        Assert.Equal(["database", "sessionsFiles.space"], body["details"]!.AsObject().Select(pair => pair.Key));
    }
}
