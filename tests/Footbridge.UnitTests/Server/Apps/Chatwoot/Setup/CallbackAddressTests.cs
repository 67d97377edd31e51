using System.Text.Json.Nodes;
using Footbridge.Server.Apps;
using Footbridge.Server.Apps.Calls;
using Footbridge.Server.Apps.Chatwoot.Setup;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot.Setup;

public sealed class CallbackAddressTests
{
    private static readonly AppRecord App = new("app_1", "shop", AppRecord.Chatwoot, Enabled: true, []);

    [Fact]
    public void It_is_the_apps_own_else_the_one_for_callbacks_else_the_public_one()
    {
        var settings = new Settings { PublicUrl = "https://bridge.example" };
        Assert.Equal("https://bridge.example/webhooks/chatwoot/shop/app_1", CallbackAddress.Of(App, settings));
        settings.CallbackUrl = "http://footbridge:3000";
        Assert.Equal("http://footbridge:3000/webhooks/chatwoot/shop/app_1", CallbackAddress.Of(App, settings));
        var own = App with { Config = new() { ["footbridge"] = new JsonObject { ["callbackUrl"] = "http://10.0.0.5:3000/" } } };
        Assert.Equal("http://10.0.0.5:3000/webhooks/chatwoot/shop/app_1", CallbackAddress.Of(own, settings));
    }

    [Theory]
    [InlineData("https://bridge.example/webhooks/chatwoot/shop/another", true)]
    [InlineData("https://bridge.example/webhooks/chatwoot/shop2/another", false)]
    [InlineData("https://other.example/webhooks/chatwoot/shop/another", false)]
    [InlineData(null, false)]
    public void An_address_of_a_session_here_is_known(string? url, bool expected) => Assert.Equal(expected, CallbackAddress.IsOfSession(url, App, new() { PublicUrl = "https://bridge.example" }));

    [Theory]
    [InlineData("footbridge:3000")]
    [InlineData("ftp://bridge.example")]
    public void What_is_no_web_address_is_refused(string url) =>
        Assert.Throws<InvalidRequestException>(() => CallbackAddress.Check(new() { ["footbridge"] = new JsonObject { ["callbackUrl"] = url } }));

    [Theory]
    [InlineData("Hostname '10.0.0.5' has no public ip addresses", "SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true")]
    [InlineData("404 Not Found", "/webhooks")]
    [InlineData("Net::ReadTimeout with #<TCPSocket:(closed)>", "firewall")]
    [InlineData("something new", "FOOTBRIDGE_CALLBACK_URL")]
    public void Each_reason_that_chatwoot_gives_has_a_repair(string reason, string repair) => Assert.Contains(repair, CallbackRepairs.For(reason), StringComparison.Ordinal);

    [Theory]
    [InlineData("61")]
    [InlineData("-1")]
    [InlineData("NaN")]
    public void Waits_before_a_call_is_answered_are_within_the_time_it_rings(string wait) =>
        Assert.Throws<InvalidRequestException>(() => CallsConfig.Read(new() { ["dm"] = new JsonObject { ["waitBeforeDecline"] = wait } }));

    [Fact]
    public void Calls_are_rejected_unless_it_is_said_otherwise()
    {
        var rules = CallsConfig.Read(new() { ["group"] = new JsonObject { ["reject"] = false, ["message"] = "  " } });
        Assert.Equal((true, null, false, null), (rules.Direct.Rejects, rules.Direct.Message, rules.Group.Rejects, rules.Group.Message));
    }
}
