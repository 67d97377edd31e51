using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Footbridge.Server;
using Footbridge.Simulator.Chatwoot;

namespace Footbridge.SystemTests.Api;

public sealed class SecurityTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(90));
    private World _world = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync() => _world = await World.StartAsync(Ct);

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task The_key_may_stand_in_the_query()
    {
        using var client = NewClient();
        Assert.Equal(401, (await client.CallAsync(HttpMethod.Get, "/api/sessions?x-api-key=wrong", null, Ct)).Status);
        Assert.Equal(200, (await client.CallAsync(HttpMethod.Get, $"/api/sessions?x-api-key={World.ApiKey}", null, Ct)).Status);
    }

    [Theory]
    [InlineData("/api/sessions")]
    [InlineData("/health")]
    [InlineData("/api/nothing")]
    [InlineData("/api/shop/auth/qr")]
    public async Task A_refusal_has_wahas_body_and_tells_nothing(string path)
    {
        using var client = NewClient();
        var (status, body) = await client.CallAsync(HttpMethod.Get, path, null, Ct);
        Assert.Equal(401, status);
        Answers.Same("""{"message":"Unauthorized","statusCode":401}""", body);
    }

    [Theory]
    [InlineData("admin", "test-password", 404)]
    [InlineData("admin", "wrong", 401)]
    [InlineData("other", "test-password", 401)]
    public async Task Job_pages_open_by_user_and_password_and_the_api_does_not(string user, string password, int expected)
    {
        using var client = NewClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        Assert.Equal(expected, (await client.CallAsync(HttpMethod.Get, "/jobs/queue/x/y", null, Ct)).Status);
        Assert.Equal(401, (await client.CallAsync(HttpMethod.Get, "/api/sessions", null, Ct)).Status);
    }

    [Fact]
    public async Task Any_page_may_call_the_api_with_a_key_and_cookies_are_not_shared()
    {
        using var client = NewClient();
        using var asked = new HttpRequestMessage(HttpMethod.Options, "/api/sessions");
        asked.Headers.Add("Origin", "https://panel.example");
        asked.Headers.Add("Access-Control-Request-Method", "PUT");
        asked.Headers.Add("Access-Control-Request-Headers", "x-api-key,content-type");
        using var allowed = await client.SendAsync(asked, Ct);
        Assert.Equal(204, (int)allowed.StatusCode);
        Assert.Equal(["*"], allowed.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Contains("PUT", allowed.Headers.GetValues("Access-Control-Allow-Methods").Single(), StringComparison.Ordinal);
        Assert.Equal(["x-api-key,content-type"], allowed.Headers.GetValues("Access-Control-Allow-Headers"));
        Assert.False(allowed.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task A_chatwoot_at_a_forbidden_address_is_refused_before_anything_is_sent_there()
    {
        await _world.Product.DisposeAsync();
        _world.Configure = settings => settings.ChatwootMayBePrivate = false;
        await _world.StartProductAsync(Ct);
        var reached = 0;
        _world.Chatwoot.Faults.OnRequest = _ =>
        {
            Interlocked.Increment(ref reached);
            return null;
        };
        await _world.PostAsync("/api/sessions", new() { ["name"] = "shop", ["start"] = false }, 201, Ct);
        var refused = await _world.PostAsync("/api/apps", App(_world.Chatwoot.BaseUrl.ToString(), "token-nobody-may-see"), 422, Ct);
        Assert.Contains("must not be called", refused!["message"]!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("token-nobody-may-see", refused.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(0, reached);
        await _world.PostAsync("/api/apps", App("http://169.254.169.254/latest", "x"), 422, Ct);
    }

    [Fact]
    public async Task The_process_writes_no_key_no_token_no_number_and_no_text_at_any_level()
    {
        var customer = _world.WhatsApp.AddAccount("5511900000001", "Ana Example");
        var shop = _world.WhatsApp.AddAccount("5511900000099", "Shop");
        await using var process = await ServerProcess.StartAsync(_world, Ct);
        using var api = NewClient(process.Url);
        api.DefaultRequestHeaders.Add("X-Api-Key", ServerProcess.ApiKey);
        await api.ExpectAsync(HttpMethod.Post, "/api/sessions", new JsonObject { ["name"] = "shop" }, 201, Ct);
        var (_, qr) = await api.GetAsync("/api/shop/auth/qr?format=raw", 200, Ct);
        await shop.PairAsync(qr!["value"]!.ToString(), Ct);
        await api.ExpectAsync(HttpMethod.Post, "/api/apps", App(_world.Chatwoot.BaseUrl.ToString(), "wrong-token-of-this-test"), 422, Ct);
        await api.ExpectAsync(HttpMethod.Post, "/api/apps", App(_world.Chatwoot.BaseUrl.ToString(), ChatwootSimulator.Token), 201, Ct);
        await api.ExpectAsync(HttpMethod.Post, "/api/sendText", new JsonObject { ["session"] = "shop", ["chatId"] = "5511900000001@c.us", ["text"] = "Words between two people" }, 201, Ct);
        var question = customer.SendText(shop.Number.User, "An answer nobody else reads");
        await _world.Chatwoot.Store.WaitAsync(() => _world.Chatwoot.ConversationOf("5511900000001")?.Messages.Any(m => m.SourceId == question) ?? false, Ct);
        await api.CallAsync(HttpMethod.Get, $"/api/nothing?x-api-key={ServerProcess.ApiKey}", null, Ct);
        var written = await process.StopAsync(Ct);
        Assert.Contains("Session shop is WORKING", written, StringComparison.Ordinal);
        foreach (var secret in new[] { ServerProcess.ApiKey, ChatwootSimulator.Token, "wrong-token", "5511900000001", "5511900000099", "Words between", "nobody else reads", qr["value"]!.ToString() })
        {
            Assert.DoesNotContain(secret, written, StringComparison.Ordinal);
        }
    }

    private static JsonObject App(string url, string token) => new()
    {
        ["id"] = "app_shop",
        ["session"] = "shop",
        ["app"] = "chatwoot",
        ["config"] = new JsonObject
        {
            ["url"] = url,
            ["accountId"] = ChatwootSimulator.AccountId,
            ["accountToken"] = token,
            ["inboxId"] = ChatwootSimulator.InboxId,
            ["inboxIdentifier"] = ChatwootSimulator.InboxIdentifier,
        },
    };

    private HttpClient NewClient(Uri? url = null) => new(new SocketsHttpHandler()) { BaseAddress = url ?? _world.Product.Url };

    /// <summary>The product as a process of its own, with everything it writes.</summary>
    private sealed class ServerProcess : IAsyncDisposable
    {
        public const string ApiKey = "a-key-that-must-not-be-printed";
        private readonly Process _process;
        private readonly StringBuilder _written = new();
        private readonly TaskCompletionSource<Uri> _listens = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private ServerProcess(Process process) => _process = process;

        public Uri Url { get; private set; } = null!;

        public static async Task<ServerProcess> StartAsync(World world, CancellationToken ct)
        {
            var start = new ProcessStartInfo("dotnet", [typeof(Product).Assembly.Location]) { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var (name, value) in Environment(world)) start.Environment[name] = value;
            var server = new ServerProcess(new Process { StartInfo = start });
            server._process.OutputDataReceived += (_, line) => server.Keep(line.Data);
            server._process.ErrorDataReceived += (_, line) => server.Keep(line.Data);
            server._process.Start();
            server._process.BeginOutputReadLine();
            server._process.BeginErrorReadLine();
            server.Url = await server._listens.Task.WaitAsync(ct);
            return server;
        }

        public async Task<string> StopAsync(CancellationToken ct)
        {
            _process.Kill();
            await _process.WaitForExitAsync(ct);
            lock (_written) return _written.ToString();
        }

        public async ValueTask DisposeAsync()
        {
            if (!_process.HasExited) _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        private static Dictionary<string, string> Environment(World world) => new()
        {
            ["PORT"] = "0",
            ["FOOTBRIDGE_BIND"] = "127.0.0.1",
            ["FOOTBRIDGE_DATA"] = Path.Combine(world.Folder, "process"),
            ["FOOTBRIDGE_WHATSAPP_URL"] = world.WhatsApp.ChatUrl.ToString(),
            ["FOOTBRIDGE_NOISE_ROOT"] = Convert.ToHexString(world.WhatsApp.RootPublicKey),
            ["WAHA_API_KEY"] = ApiKey,
            ["WAHA_LOG_LEVEL"] = "trace",
        };

        private void Keep(string? line)
        {
            if (line is null) return;
            lock (_written) _written.AppendLine(line);
            if (line.StartsWith("Footbridge listens on ", StringComparison.Ordinal)) _listens.TrySetResult(new(line["Footbridge listens on ".Length..]));
        }
    }
}
