using System.Text.Json.Nodes;
using Footbridge.Server.Config;
using Footbridge.SystemTests.Api;

namespace Footbridge.SystemTests.Webhooks;

/// <summary>The webhook of all sessions, which the environment sets.</summary>
public sealed class GlobalWebhookTests : WebhookTest
{
    private protected override void Configure(Settings settings)
    {
        var read = Settings.From(name => name switch
        {
            "WHATSAPP_HOOK_URL" => new Uri(Receiver.Url, "/global").ToString(),
            "WHATSAPP_HOOK_EVENTS" => "session.status,message",
            "WHATSAPP_HOOK_HMAC_KEY" => Key,
            "WHATSAPP_HOOK_CUSTOM_HEADERS" => "X-One:1;X-Two:2",
            _ => null,
        });
        settings.Webhooks = read.Webhooks;
    }

    [Fact]
    public async Task It_is_told_of_every_session_beside_the_sessions_own_and_never_shown()
    {
        await LinkAsync();
        var statuses = new List<string>();
        while (statuses.LastOrDefault() != "WORKING")
        {
            var call = await Receiver.NextAsync("session.status", Ct);
            Assert.Equal(("1", "2"), (call.Headers["X-One"], call.Headers["X-Two"]));
            var payload = call.Json["payload"]!;
            statuses.Add(payload["status"]!.ToString());
            var last = payload["statuses"]!.AsArray();
            Assert.InRange(last.Count, 1, 3);
            Assert.Equal(payload["status"]!.ToString(), last[^1]!["status"]!.ToString());
        }

        Assert.Equal(["STARTING", "SCAN_QR_CODE", "STARTING", "WORKING"], statuses.Where((status, i) => i == 0 || statuses[i - 1] != status));
        Ana.SendText(Shop.Number.User, "hello");
        Assert.Equal("hello", (await Receiver.NextAsync("message", Ct)).Text);
        var (_, session) = await World.Api.GetAsync("/api/sessions/shop", 200, Ct);
        Assert.DoesNotContain("global", session!.ToJsonString(), StringComparison.Ordinal);
        Assert.False(session["config"]!.AsObject().ContainsKey("webhooks"));
    }

    [Fact]
    public async Task A_logout_is_told_as_stopped_and_not_as_a_connection_that_broke()
    {
        await LinkAsync();
        await World.PostAsync("/api/sessions/shop/logout", [], 201, Ct);
        var statuses = new List<string>();
        while (!(statuses.Contains("WORKING") && statuses[^1] == "SCAN_QR_CODE")) statuses.Add((await Receiver.NextAsync("session.status", Ct)).Json["payload"]!["status"]!.ToString());
        Assert.Equal(["STOPPED", "STARTING", "SCAN_QR_CODE"], statuses.SkipWhile(status => status != "WORKING").Skip(1));
    }

    [Theory]
    [InlineData("""[{"url":"ftp://example.org","events":["*"]}]""", "config.webhooks.url must be a URL address with a protocol")]
    [InlineData("""[{"url":"http://example.org","events":"*"}]""", "config.webhooks.events must be an array")]
    [InlineData("""[{"url":"http://example.org","events":["massage"]}]""", "each value in config.webhooks.events must be one of the following values: ")]
    [InlineData("""[{"url":"http://example.org","events":[],"hmac":{"key":1}}]""", "config.webhooks.hmac.key must be a string")]
    [InlineData("""[{"url":"http://example.org","events":[],"retries":{"policy":"never"}}]""", "config.webhooks.retries.policy must be one of the following values: linear, exponential, constant")]
    [InlineData("""[{"url":"http://example.org","events":[],"retries":{"attempts":-1}}]""", "config.webhooks.retries.attempts must be a number from 0 to 1000")]
    [InlineData("""[{"url":"http://example.org","events":[],"customHeaders":[{"name":"a b","value":"x"}]}]""", "config.webhooks.customHeaders must hold objects with a name and a value")]
    [InlineData("""["http://example.org"]""", "config.webhooks must hold objects")]
    public async Task A_webhook_that_could_not_work_is_refused_with_the_reason(string webhooks, string reason)
    {
        var body = new JsonObject { ["name"] = "other", ["start"] = false, ["config"] = new JsonObject { ["webhooks"] = JsonNode.Parse(webhooks) } };
        var (_, answer) = await World.Api.ExpectAsync(HttpMethod.Post, "/api/sessions", body, 400, Ct);
        Assert.StartsWith(reason, Assert.Single(answer!["message"]!.AsArray())!.ToString(), StringComparison.Ordinal);
    }
}
