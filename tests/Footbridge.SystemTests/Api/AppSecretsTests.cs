using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot;
using Footbridge.SystemTests.Bridge;
using Footbridge.SystemTests.Telemetry;

namespace Footbridge.SystemTests.Api;

/// <summary>A secret in each setting of an app that holds one, and everything that the server writes, shows and sends out.</summary>
public sealed class AppSecretsTests : IAsyncLifetime
{
    private const string InboxSecret = "inbox-secret-that-is-marked-9f3e";
    private const string Password = "database-password-that-is-marked";
    private const string Wrong = "a-wrong-token-that-is-marked-77aa";
    private const string AppPath = "/api/apps/app_shop";
    private static readonly string[] Secrets = [ChatwootSimulator.Token, InboxSecret, Password, Wrong];
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(120));
    private readonly StringBuilder _seen = new();
    private Collector _collector = null!;
    private BridgeRig _rig = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        _collector = await Collector.StartAsync(Ct);
        _rig = await BridgeRig.StartAsync(1, Ct, new Dictionary<string, string>
        {
            ["WAHA_LOG_LEVEL"] = "trace",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _collector.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _collector.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task No_secret_of_an_app_is_ever_shown_and_settings_sent_back_as_they_were_read_keep_it()
    {
        var inbox = _rig.Chatwoot.Store.FindInbox(ChatwootSimulator.InboxId)!;
        inbox.Secret = InboxSecret;
        var config = (await AskAsync(HttpMethod.Get, AppPath, null, 200))!["config"]!.AsObject();
        Assert.Equal("••••oken", config["accountToken"]!.ToString());
        config["footbridge"] = new JsonObject { ["webhookSecret"] = InboxSecret, ["webhookSignature"] = "enforce", ["database"] = $"postgres://chatwoot:{Password}@127.0.0.1:1/chatwoot" };
        var saved = (await PutAsync(config, 200))!["config"]!.AsObject();
        Assert.Equal(("••••9f3e", "postgres://chatwoot:••••@127.0.0.1:1/chatwoot"), (saved["footbridge"]!["webhookSecret"]!.ToString(), saved["footbridge"]!["database"]!.ToString()));

        // As a client does that reads, changes one thing, and writes all of it.
        saved["linkPreview"] = "LG";
        await PutAsync(saved, 200);
        await CarriesBothWaysAsync();
        await AskAsync(HttpMethod.Post, "/api/sessions/shop/stop", new(), 201);
        var session = (await AskAsync(HttpMethod.Get, "/api/sessions?all=true&expand=apps", null, 200))!.AsArray()[0]!;
        await AskAsync(HttpMethod.Put, "/api/sessions/shop", new() { ["apps"] = session["apps"]!.DeepClone() }, 200);
        await AskAsync(HttpMethod.Post, "/api/sessions/shop/start", new(), 201);
        await _rig.Product.WaitStatusAsync("shop", "WORKING", Ct);
        await CarriesBothWaysAsync();

        await RefusedAsync(saved);
        await FailAsync(config);
        await LookEverywhereAsync();
        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, _seen.ToString(), StringComparison.Ordinal));
    }

    /// <summary>The token still opens Chatwoot, and callbacks, which have to be signed, are still believed.</summary>
    private async Task CarriesBothWaysAsync()
    {
        var customer = _rig.Customers[0];
        var id = customer.SendText(_rig.Shop.Number.User, "hello");
        await _rig.Chatwoot.Store.WaitAsync(() => _rig.Chatwoot.ConversationOf(customer.Number.User)?.Messages.Any(message => message.SourceId == id) ?? false, Ct);
        await _rig.Chatwoot.AgentReplyAsync(_rig.Chatwoot.ConversationOf(customer.Number.User)!.Id, $"answer to {id}");
        while ((await customer.Incoming.ReadAsync(Ct)).Text != $"answer to {id}") { }
    }

    /// <summary>A mask of nothing, one in another server's settings, and secrets that cannot be used.</summary>
    private async Task RefusedAsync(JsonObject shown)
    {
        Assert.Contains("stands for no secret", await RefusalAsync(shown, config => config["accountToken"] = "••••beef"), StringComparison.Ordinal);
        Assert.Contains("url leads to another server", await RefusalAsync(shown, config => config["url"] = "http://127.0.0.1:1"), StringComparison.Ordinal);
        Assert.Contains("stands for no secret", await RefusalAsync(shown, config => config["footbridge"]!["database"] = "postgres://chatwoot:••••@127.0.0.2:1/chatwoot"), StringComparison.Ordinal);
        await RefusalAsync(shown, config => config["footbridge"]!["database"] = $"mysql://chatwoot:{Password}@127.0.0.1/chatwoot");
        await RefusalAsync(shown, config => (config["footbridge"]!["webhookSecret"], config["footbridge"]!["drift"]) = (InboxSecret, Password));
        await RefusalAsync(shown, config => config["accountToken"] = Wrong);
    }

    /// <summary>What goes wrong with them is reported in jobs, in the log and to agents: a database that nobody answers at, a token that is not taken any more.</summary>
    private async Task FailAsync(JsonObject config)
    {
        await _rig.Chatwoot.AgentReplyAsync(_rig.Chatwoot.Integration!.Id, "messages pull 1d --attempts 1");
        await _rig.Chatwoot.Store.WaitAsync(() => _rig.Chatwoot.Store.Read((_, _) => _rig.Chatwoot.Integration!.Messages.Any(message => message.Content?.Contains("imported", StringComparison.Ordinal) == true || message.Content?.Contains("database", StringComparison.Ordinal) == true)), Ct);
        await AskAsync(HttpMethod.Get, AppPath + "/doctor", null, 200);
        await AskAsync(HttpMethod.Post, AppPath + "/doctor", new(), 200);
        _rig.Chatwoot.Store.Account.IsTokenRevoked = true;
        _rig.Customers[0].SendText(_rig.Shop.Number.User, "nobody gets this");
        while ((await AskAsync(HttpMethod.Get, AppPath + "/reconciliation", null, 200))!["toChatwoot"]!["quarantined"]!.GetValue<int>() == 0) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct);
        await AskAsync(HttpMethod.Get, AppPath + "/doctor", null, 200);
    }

    private async Task LookEverywhereAsync()
    {
        foreach (var path in new[] { "/api/apps?session=shop", "/api/sessions/shop", "/health", "/api/server/environment?all=true" }) await AskAsync(HttpMethod.Get, path, null, null);
        foreach (var page in new[] { "/jobs", "/jobs/lanes", "/jobs/reconciliation", "/jobs/audit", "/jobs/queue/chatwoot.waha%20%7C%20message.any", "/dashboard/apps", "/dashboard/app/app_shop" }) await PageAsync(page);
        foreach (var problem in (await AskAsync(HttpMethod.Get, AppPath + "/reconciliation", null, 200))!["toChatwoot"]!["problems"]!.AsArray()) await PageAsync($"/jobs/queue/chatwoot.waha%20%7C%20message.any/{Uri.EscapeDataString(problem!["job"]!.ToString())}");
        _seen.AppendJoin('\n', _rig.Chatwoot.Store.Read((_, all) => all.Values.SelectMany(conversation => conversation.Messages).Select(message => message.Content).ToList()));
        _seen.AppendJoin('\n', _collector.Spans.Select(span => Encoding.UTF8.GetString(span.Raw.Span)));
        _seen.Append(_rig.Product.Output);
        Assert.Contains("app_shop", _seen.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(_collector.Spans);
    }

    private async Task PageAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await _rig.Product.Api.SendAsync(request, Ct);
        _seen.Append(await response.Content.ReadAsStringAsync(Ct));
    }

    private async Task<string> RefusalAsync(JsonObject config, Action<JsonObject> change)
    {
        var changed = (JsonObject)config.DeepClone();
        change(changed);
        return (await PutAsync(changed, null))!["message"]!.ToString();
    }

    private Task<JsonNode?> PutAsync(JsonObject config, int? expected) =>
        AskAsync(HttpMethod.Put, AppPath, new() { ["id"] = "app_shop", ["session"] = "shop", ["app"] = "chatwoot", ["config"] = config.DeepClone() }, expected);

    private async Task<JsonNode?> AskAsync(HttpMethod method, string path, JsonObject? body, int? expected)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await _rig.Product.Api.SendAsync(request, Ct);
        var text = await response.Content.ReadAsStringAsync(Ct);
        // As a reader sees it: escapes could hide what is looked for.
        var answer = text.Length == 0 ? null : JsonNode.Parse(text);
        _seen.AppendLine(answer?.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        if (expected is { } status) Assert.True(status == (int)response.StatusCode, $"{path}: {(int)response.StatusCode} {text}");
        else Assert.True(response.IsSuccessStatusCode || response.StatusCode < System.Net.HttpStatusCode.InternalServerError || path == "/health", $"{path}: {(int)response.StatusCode} {text}");
        return answer;
    }
}
