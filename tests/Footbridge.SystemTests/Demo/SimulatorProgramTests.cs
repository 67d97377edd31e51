using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Footbridge.Server;
using Footbridge.Server.Config;

namespace Footbridge.SystemTests.Demo;

/// <summary>The program around the demo: how it starts, stops, and serves other people's tests.</summary>
public sealed class SimulatorProgramTests : IDisposable
{
    private const string ApiKey = "test-key-for-serve-mode-only";
    private const string Shop = "12025550188";
    private const string Customer = "12025550142";
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(90));
    private readonly SocketsHttpHandler _handler = new();

    private CancellationToken Ct => _timeout.Token;

    public void Dispose()
    {
        _handler.Dispose();
        _timeout.Dispose();
    }

    [Fact]
    public async Task Stopping_the_demo_stops_the_product_too_and_leaves_nothing_behind()
    {
        await using var program = SimulatorProgram.Start("demo", "--product", SimulatorProgram.ProductFile, "--port", "0", "--product-port", "0");
        var product = new Uri(await program.ReadAsync("Footbridge  ", Ct));
        using var http = new HttpClient(_handler, disposeHandler: false);
        Assert.True((await http.GetAsync(new Uri(product, "/ping"), Ct)).IsSuccessStatusCode);
        Assert.Single(program.LeftOver);

        program.Stop();
        Assert.Equal((0, ""), await program.EndAsync(Ct));
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri(product, "/ping"), Ct));
        Assert.Empty(program.LeftOver);
    }

    [Fact]
    public async Task A_product_that_dies_ends_the_demo_with_its_last_words()
    {
        // The simulator in the product's place: without arguments it says how it is used and exits with 2.
        await using var program = SimulatorProgram.Start("demo", "--product", SimulatorProgram.SimulatorFile, "--port", "0", "--product-port", "0");
        var (code, errors) = await program.EndAsync(Ct);
        Assert.Equal(1, code);
        Assert.Contains("Footbridge stopped (exit code 2)", errors, StringComparison.Ordinal);
        Assert.Contains("say what to do: serve or demo", errors, StringComparison.Ordinal);
        Assert.Empty(program.LeftOver);
    }

    [Theory]
    [InlineData("say what to do")]
    [InlineData("'dance' is neither serve nor demo", "dance")]
    [InlineData("serve has no option --colour", "serve", "--colour", "red")]
    [InlineData("--control-port needs a value", "serve", "--control-port")]
    [InlineData("'70000' is not a port", "serve", "--control-port", "70000")]
    [InlineData("--control-port is given more than once", "serve", "--control-port", "1", "--control-port", "2")]
    [InlineData("'12' is not a phone number", "serve", "--account", "12:Ana")]
    [InlineData("demo needs --product", "demo")]
    [InlineData("there is no file", "demo", "--product", "missing.dll")]
    public async Task Arguments_that_make_no_sense_are_named_with_the_usage(string complaint, params string[] args)
    {
        await using var program = SimulatorProgram.Start(args);
        var (code, errors) = await program.EndAsync(Ct);
        Assert.Equal(2, code);
        Assert.Contains(complaint, errors, StringComparison.Ordinal);
        Assert.Contains("usage: Footbridge.Simulator serve", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_mode_carries_a_whole_conversation_for_somebody_elses_test()
    {
        await using var program = SimulatorProgram.Start(
            "serve", "--whatsapp-port", "0", "--chatwoot-port", "0", "--control-port", "0", "--account", $"{Shop}:Shop", "--account", $"{Customer}:Cleo");
        var settings = new Settings
        {
            Port = 0,
            Bind = "127.0.0.1",
            ApiKey = ApiKey,
            DashboardPassword = "test",
            LogLevel = Microsoft.Extensions.Logging.LogLevel.Error,
            DataFolder = Directory.CreateTempSubdirectory("serve-test-").FullName,
            WhatsAppUrl = new(await program.ReadAsync("FOOTBRIDGE_WHATSAPP_URL=", Ct)),
            NoiseRoot = Convert.FromHexString(await program.ReadAsync("FOOTBRIDGE_NOISE_ROOT=", Ct)),
        };
        try
        {
            await using var product = await Product.StartAsync(settings, TimeProvider.System, Ct);
            await PlayAsync(program, product);
        }
        finally
        {
            Directory.Delete(settings.DataFolder, recursive: true);
        }
    }

    private async Task PlayAsync(SimulatorProgram program, Product product)
    {
        var config = new JsonObject
        {
            ["url"] = await program.ReadAsync("CHATWOOT_URL=", Ct),
            ["accountId"] = long.Parse(await program.ReadAsync("CHATWOOT_ACCOUNT_ID=", Ct)),
            ["accountToken"] = await program.ReadAsync("CHATWOOT_ACCOUNT_TOKEN=", Ct),
            ["inboxId"] = long.Parse(await program.ReadAsync("CHATWOOT_INBOX_ID=", Ct)),
            ["inboxIdentifier"] = await program.ReadAsync("CHATWOOT_INBOX_IDENTIFIER=", Ct),
        };
        using var simulator = new HttpClient(_handler, disposeHandler: false) { BaseAddress = new(await program.ReadAsync("SIMULATOR_URL=", Ct)) };
        using var bridge = new HttpClient(_handler, disposeHandler: false) { BaseAddress = product.Url };
        bridge.DefaultRequestHeaders.Add("X-Api-Key", ApiKey);

        await AssertRefusedAsync(simulator, "/api/phones", 400, new() { ["name"] = "no number" });
        await AssertRefusedAsync(simulator, "/api/phones", 409, new() { ["number"] = Shop });
        await AssertRefusedAsync(simulator, $"/api/phones/{Customer}/messages", 404, new() { ["to"] = "12025550100", ["text"] = "to nobody" });
        await AssertRefusedAsync(simulator, $"/api/phones/{Shop}/scan", 409, new() { ["qr"] = "not a code" });

        await SendAsync(bridge, HttpMethod.Post, "/api/sessions", new() { ["name"] = "ci" });
        var qr = await WaitForQrAsync(bridge);
        await SendAsync(simulator, HttpMethod.Post, $"/api/phones/{Shop}/scan", new() { ["qr"] = qr });
        await SendAsync(bridge, HttpMethod.Post, "/api/apps", new() { ["id"] = "app", ["session"] = "ci", ["app"] = "chatwoot", ["config"] = config });
        await SendAsync(simulator, HttpMethod.Put, "/api/chatwoot/webhook", new() { ["url"] = new Uri(product.Url, "/webhooks/chatwoot/ci/app").ToString() });

        await SendAsync(simulator, HttpMethod.Post, $"/api/phones/{Customer}/messages", new() { ["to"] = Shop, ["text"] = "from a test" });
        var state = await StateAsync(simulator, s => Conversation(s)?["messages"]!.AsArray().Any(m => m!["text"]!.ToString() == "from a test") ?? false);
        Assert.Equal("Cleo", Conversation(state)!["name"]!.ToString());
        await SendAsync(simulator, HttpMethod.Post, $"/api/chatwoot/conversations/{Conversation(state)!["id"]}/messages", new() { ["text"] = "from an agent" });
        await StateAsync(simulator, s => MessagesOn(s, Customer).Any(m => m!["text"]!.ToString() == "from an agent" && m["status"]!.ToString() == "received"));
        await SendAsync(simulator, HttpMethod.Post, $"/api/phones/{Customer}/read", []);
        await StateAsync(simulator, s => Conversation(s)!["messages"]!.AsArray().Any(m => m!["text"]!.ToString() == "from an agent" && m["status"]!.ToString() == "read"));
    }

    private static JsonNode? Conversation(JsonObject state) => state["conversations"]!.AsArray().FirstOrDefault(c => c!["phone"]?.ToString() == "+" + Customer);

    private static JsonArray MessagesOn(JsonObject state, string number) => state["phones"]!.AsArray().Single(p => p!["number"]!.ToString() == number)!["messages"]!.AsArray();

    /// <summary>The product answers with the code as soon as there is one; it waits for that itself.</summary>
    private async Task<string> WaitForQrAsync(HttpClient bridge)
    {
        var answer = await bridge.GetFromJsonAsync<JsonObject>("/api/ci/auth/qr?format=raw", Ct);
        return answer!["value"]!.ToString();
    }

    private async Task SendAsync(HttpClient http, HttpMethod method, string path, JsonObject body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using var response = await http.SendAsync(request, Ct);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(Ct)}");
    }

    private async Task AssertRefusedAsync(HttpClient http, string path, int status, JsonObject body)
    {
        using var response = await http.PostAsJsonAsync(path, body, Ct);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.NotEmpty((await response.Content.ReadFromJsonAsync<JsonObject>(Ct))!["error"]!.ToString());
    }

    /// <summary>Watches the stream of states until one is as asked.</summary>
    private async Task<JsonObject> StateAsync(HttpClient simulator, Func<JsonObject, bool> matches)
    {
        using var stream = new StreamReader(await simulator.GetStreamAsync("/api/events", Ct));
        while (await stream.ReadLineAsync(Ct) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal) && JsonNode.Parse(line[6..])!.AsObject() is var state && matches(state)) return state;
        }

        throw new InvalidOperationException("the stream of states ended");
    }
}
