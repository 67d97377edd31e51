using System.Text.Json.Nodes;
using Footbridge.Server.Api.Observability;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;

namespace Footbridge.UnitTests.Server.Sessions;

public sealed class EngineOptionsTests
{
    private readonly SessionSettings _settings = new() { ProxyList = ["a:1", "b:2", "c:3"], ProxyIndexPrefix = "proxy-" };

    [Theory]
    [InlineData("proxy-3", 0, 3)]
    [InlineData("proxy-4", 0, 1)]
    [InlineData("shop", 0, 1)]
    [InlineData("shop", 4, 2)]
    [InlineData("proxy-x", 1, 2)]
    public void A_list_of_proxies_is_shared_out_by_the_number_in_the_name_or_by_age(string session, int ordinal, int port) =>
        Assert.Equal(port, EngineOptions.ProxyOf(session, [], ordinal, _settings)!.Server.Port);

    [Fact]
    public void The_sessions_own_proxy_wins_over_the_single_one_and_that_over_the_list()
    {
        _settings.ProxyServer = "single:9";
        Assert.Equal(9, EngineOptions.ProxyOf("proxy-3", [], 0, _settings)!.Server.Port);
        Assert.Equal(7, EngineOptions.ProxyOf("proxy-3", new JsonObject { ["proxy"] = new JsonObject { ["server"] = "own:7" } }, 0, _settings)!.Server.Port);
        Assert.Null(EngineOptions.ProxyOf("shop", [], 0, new()));
    }

    [Theory]
    [InlineData("WAHA_API_KEY", "x", "[redacted]")]
    [InlineData("WAHA_DASHBOARD_PASSWORD", "x", "[redacted]")]
    [InlineData("REDIS_URL", "redis://me:secret@host:6379/0", "redis://[redacted]@host:6379/0")]
    [InlineData("WAHA_BASE_URL", "https://host/path", "https://host/path")]
    public void A_variable_is_shown_without_its_secrets(string name, string value, string shown) => Assert.Equal(shown, ServerControl.Show(name, value));
}
