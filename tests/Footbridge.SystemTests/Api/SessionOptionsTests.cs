using System.Text.Json.Nodes;
using Footbridge.Protocol.Generated;

namespace Footbridge.SystemTests.Api;

/// <summary>What a session's configuration and the environment do to its connection, and the calls around it.</summary>
public sealed class SessionOptionsTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(60));
    private readonly OpenApi? _contract = OpenApi.Load();
    private World _world = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync() => _world = await World.StartAsync(Ct);

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task A_sessions_proxy_carries_it_and_one_that_is_put_wrong_later_keeps_it_in()
    {
        await using var proxy = TestProxy.Start("agent", "secret");
        var phone = _world.WhatsApp.AddAccount("5511900000099", "Shop");
        await CreateAsync(new() { ["proxy"] = Proxy($"socks5://127.0.0.1:{proxy.Port}", "secret") });
        await PairAsync(phone);
        Assert.All(proxy.Targets, target => Assert.Equal(_world.WhatsApp.ChatUrl.Authority, target));
        Assert.Equal(2, proxy.Targets.Count);

        await _world.Api.ExpectAsync(HttpMethod.Put, "/api/sessions/shop", new JsonObject { ["config"] = new JsonObject { ["proxy"] = Proxy($"127.0.0.1:{proxy.Port}", "wrong") } }, 200, Ct);
        while (proxy.Refused == 0) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
        Assert.Equal(2, proxy.Targets.Count);
        Assert.Equal("STARTING", (await SessionAsync())["status"]!.ToString());
    }

    [Fact]
    public async Task The_proxy_of_the_process_carries_sessions_without_their_own()
    {
        await using var proxy = TestProxy.Start();
        await _world.Product.DisposeAsync();
        _world.Configure = s => s.Sessions.ProxyServer = $"127.0.0.1:{proxy.Port}";
        await _world.StartProductAsync(Ct);
        await CreateAsync([]);
        await _world.WaitStatusAsync("shop", "SCAN_QR_CODE", Ct);
        Assert.Single(proxy.Targets);
    }

    [Fact]
    public async Task The_device_shows_itself_as_configured_and_what_proves_the_session_is_shown()
    {
        var props = new TaskCompletionSource<DeviceProps>(TaskCreationOptions.RunContinuationsAsynchronously);
        _world.WhatsApp.Faults.RefusesLogin = payload =>
        {
            if (payload.DevicePairingData is { } pairing) props.TrySetResult(DeviceProps.Parser.ParseFrom(pairing.DeviceProps));
            return null;
        };
        await CreateAsync(new() { ["client"] = new JsonObject { ["deviceName"] = "MacOS", ["browserName"] = "Firefox" } });
        var shown = await props.Task.WaitAsync(Ct);
        Assert.Equal(("MacOS", DeviceProps.Types.PlatformType.Firefox), (shown.Os, shown.PlatformType));

        await PairAsync(_world.WhatsApp.AddAccount("5511900000099", "Shop"));
        var liveness = (await SessionAsync())["engine"]!["liveness"]!;
        Assert.Equal("Proven", liveness["step"]!.ToString());
        Assert.True(liveness["verifiedAt"]!.GetValue<long>() > 0);
    }

    [Fact]
    public async Task A_banned_session_has_failed_and_says_until_when()
    {
        await _world.LinkAsync("shop", _world.WhatsApp.AddAccount("5511900000099", "Shop"), Ct);
        _world.WhatsApp.Faults.RefusesLogin = _ => Footbridge.Protocol.Xml.Node.Of("failure", [("reason", "402"), ("code", "104"), ("expire", 3600)]);
        _world.WhatsApp.KillSockets();
        await _world.WaitStatusAsync("shop", "FAILED", Ct);
        var engine = (await SessionAsync())["engine"]!;
        Assert.Contains("the same message to too many people", engine["detail"]!.ToString(), StringComparison.Ordinal);
        Assert.InRange(engine["resumesAt"]!.GetValue<long>() - DateTimeOffset.Parse("2020-01-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), 3600_000, long.MaxValue);
        _world.WhatsApp.Faults.RefusesLogin = null;
        await _world.PostAsync("/api/sessions/shop/restart", [], 201, Ct);
        await _world.WaitStatusAsync("shop", "WORKING", Ct);
    }

    [Theory]
    [InlineData("""{"proxy":{"server":"not a proxy"}}""", "config.proxy.server: a proxy is host:port, or an address with http://, https:// or socks5:// in front and a port")]
    [InlineData("""{"proxy":{"server":7}}""", "config.proxy.server must be a string")]
    [InlineData("""{"client":{"deviceName":{}}}""", "config.client.deviceName must be a string")]
    [InlineData("""{"ignore":{"groups":"maybe"}}""", "config.ignore.groups must be a boolean value")]
    public async Task A_wrong_configuration_is_refused_with_the_field(string config, string why)
    {
        var (_, body) = await _world.Api.ExpectAsync(HttpMethod.Post, "/api/sessions", new JsonObject { ["name"] = "shop", ["config"] = JsonNode.Parse(config) }, 400, Ct);
        Assert.Equal(why, body!["message"]![0]!.ToString());
    }

    [Fact]
    public async Task The_old_calls_start_stop_and_delete()
    {
        OpenApi.Require(_contract);
        var (status, started) = await _world.Api.CallAsync(HttpMethod.Post, "/api/sessions/start", new JsonObject { ["name"] = "shop", ["config"] = new JsonObject { ["debug"] = true } }, Ct);
        Assert.Empty(_contract!.Check("POST", "/api/sessions/start", status, started));
        await _world.WaitStatusAsync("shop", "SCAN_QR_CODE", Ct);
        Assert.Equal("Session 'shop' is already started.", (await _world.PostAsync("/api/sessions/start", new() { ["name"] = "shop" }, 422, Ct))!["message"]!.ToString());
        Assert.Null(await _world.PostAsync("/api/sessions/stop", new() { ["name"] = "shop" }, 201, Ct));
        Assert.Equal("STOPPED", (await SessionAsync())["status"]!.ToString());
        await _world.PostAsync("/api/sessions/start", new() { ["name"] = "shop" }, 201, Ct);
        Assert.True((await SessionAsync())["config"]!["debug"]!.GetValue<bool>());
        Assert.Null(await _world.PostAsync("/api/sessions/stop", new() { ["name"] = "shop", ["logout"] = true }, 201, Ct));
        await _world.Api.GetAsync("/api/sessions/shop", 404, Ct);
        Assert.Null(await _world.PostAsync("/api/sessions/logout", new() { ["name"] = "shop" }, 201, Ct));
        Assert.Equal("Session name is required", (await _world.PostAsync("/api/sessions/logout", [], 422, Ct))!["message"]!.ToString());
    }

    [Fact]
    public async Task A_screenshot_is_the_qr_code_while_there_is_one()
    {
        await _world.Api.GetAsync("/api/screenshot?session=shop", 404, Ct);
        await CreateAsync([]);
        await _world.WaitStatusAsync("shop", "SCAN_QR_CODE", Ct);
        var png = await _world.Api.GetByteArrayAsync("/api/screenshot?session=shop", Ct);
        Assert.Equal("89504E47", Convert.ToHexString(png.AsSpan(0, 4)));
        await PairAsync(_world.WhatsApp.AddAccount("5511900000099", "Shop"));
        Assert.Equal("Can not get screenshot for non chrome based engine.", (await _world.Api.GetAsync("/api/screenshot?session=shop", 422, Ct)).Body!["message"]!.ToString());
        await _world.PostAsync("/api/sessions/shop/stop", [], 201, Ct);
        Assert.Equal("Unknown status - STOPPED", (await _world.Api.GetAsync("/api/screenshot?session=shop", 422, Ct)).Body!["message"]!.ToString());
    }

    [Fact]
    public async Task At_boot_the_named_sessions_start_and_what_ran_stays_off_when_so_set()
    {
        await CreateAsync([]);
        await _world.Product.DisposeAsync();
        _world.Configure = s => (s.Sessions.RestoresRunning, s.Sessions.StartedAtBoot) = (false, ["new"]);
        await _world.StartProductAsync(Ct);
        await _world.WaitStatusAsync("new", "SCAN_QR_CODE", Ct);
        Assert.Equal("STOPPED", (await SessionAsync())["status"]!.ToString());
    }

    [Fact]
    public async Task The_environment_shows_no_secret()
    {
        OpenApi.Require(_contract);
        var (status, body) = await _world.Api.GetAsync("/api/server/environment?all=true", 200, Ct);
        Assert.Empty(_contract!.Check("GET", "/api/server/environment", status, body));
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), body!["PATH"]!.ToString());
    }

    private static JsonObject Proxy(string server, string password) => new() { ["server"] = server, ["username"] = "agent", ["password"] = password };

    private Task CreateAsync(JsonObject config) => _world.PostAsync("/api/sessions", new() { ["name"] = "shop", ["config"] = config }, 201, Ct);

    private async Task PairAsync(Footbridge.Simulator.WhatsApp.Phone.FakePhone phone)
    {
        await _world.WaitStatusAsync("shop", "SCAN_QR_CODE", Ct);
        await phone.PairAsync((await _world.Api.GetAsync("/api/shop/auth/qr?format=raw", 200, Ct)).Body!["value"]!.ToString(), Ct);
        await _world.WaitStatusAsync("shop", "WORKING", Ct);
    }

    private async Task<JsonNode> SessionAsync() => (await _world.Api.GetAsync("/api/sessions/shop", 200, Ct)).Body!;
}
