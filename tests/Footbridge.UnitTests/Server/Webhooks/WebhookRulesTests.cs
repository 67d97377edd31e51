using System.Text;
using System.Text.Json.Nodes;
using Footbridge.Server.Config;
using Footbridge.Server.Webhooks;

namespace Footbridge.UnitTests.Server.Webhooks;

public sealed class WebhookRulesTests
{
    [Fact]
    public void A_signature_is_that_of_the_published_example() => Assert.Equal(
        "208f8a55dde9e05519e898b10b89bf0d0b3b0fdf11fdbf09b6b90476301b98d8097c462b2b17a6ce93b6b47a136cf2e78a33a63f6752c2c1631777076153fa89",
        WebhookSignature.Of(Encoding.UTF8.GetBytes("""{"event":"message","session":"default","engine":"WEBJS"}"""), "my-secret-key"));

    [Theory]
    [InlineData("constant", 2, "2 2 2 2")]
    [InlineData("linear", 2, "2 4 6 8")]
    [InlineData("exponential", 2, "2 4 8 16")]
    [InlineData("exponential", 0, "0 0 0 0")]
    public void Waits_grow_by_their_policy(string policy, int seconds, string expected)
    {
        var retries = new WebhookRetries(WebhookConfig.Backoff(policy)!.Value, TimeSpan.FromSeconds(seconds), 15);
        Assert.Equal(expected, string.Join(' ', Enumerable.Range(1, 4).Select(attempt => retries.NextDelay(attempt, null, 0).TotalSeconds)));
    }

    [Fact]
    public void Exponential_waits_are_spread_by_a_fifth_and_others_not_at_all()
    {
        Assert.Equal(TimeSpan.FromSeconds(4.8), new WebhookRetries(WebhookBackoff.Exponential, TimeSpan.FromSeconds(2), 15).NextDelay(2, null, 1));
        Assert.Equal(TimeSpan.FromSeconds(4), new WebhookRetries(WebhookBackoff.Linear, TimeSpan.FromSeconds(2), 15).NextDelay(2, null, 1));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(30, 30)]
    [InlineData(1_000_000, 86_400)]
    public void The_longer_of_the_own_wait_and_the_one_asked_for_counts_up_to_a_day(int asked, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), WebhookRetries.Default.NextDelay(1, TimeSpan.FromSeconds(asked), 0));

    [Fact]
    public void A_great_many_tries_do_not_overflow_the_wait() =>
        Assert.Equal(WebhookRetries.LongestWait, new WebhookRetries(WebhookBackoff.Exponential, TimeSpan.FromSeconds(2), 1000).NextDelay(999, null, 1));

    [Fact]
    public void Wahas_defaults_hold_where_nothing_is_said()
    {
        var hook = Assert.Single(WebhookConfig.Read(new JsonArray(JsonNode.Parse("""{"url":"https://example.org/a","events":["message"]}"""))));
        Assert.Equal((WebhookBackoff.Constant, TimeSpan.FromSeconds(2), 15), (hook.Retries.Backoff, hook.Retries.Delay, hook.Retries.Attempts));
        Assert.Null(hook.HmacKey);
    }

    [Fact]
    public void Two_webhooks_of_one_address_are_two_and_keep_their_ids()
    {
        var two = JsonNode.Parse("""[{"url":"https://example.org/a","events":["message"]},{"url":"https://example.org/a","events":["message"],"hmac":{"key":"k"}}]""")!.AsArray();
        var hooks = WebhookConfig.Read(two);
        Assert.Equal(2, hooks.Select(hook => hook.Id).Distinct().Count());
        Assert.Equal(hooks.Select(hook => hook.Id), WebhookConfig.Read(two).Select(hook => hook.Id));
        Assert.DoesNotContain("k]", string.Join("", hooks), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*", "message", true)]
    [InlineData("*", "engine.event", false)]
    [InlineData("*", "state.change", false)]
    [InlineData("* engine.event", "engine.event", true)]
    [InlineData("message", "message.any", false)]
    public void A_star_is_everything_but_what_has_to_be_named(string names, string name, bool included) =>
        Assert.Equal(included, new Footbridge.Server.Sessions.Events.EventSelection(names.Split(' ')).Includes(name));

    [Theory]
    [InlineData("WHATSAPP_HOOK_URL", "example.org")]
    [InlineData("WHATSAPP_HOOK_EVENTS", "message,massage")]
    [InlineData("WHATSAPP_HOOK_RETRIES_POLICY", "never")]
    [InlineData("WHATSAPP_HOOK_CUSTOM_HEADERS", "Name")]
    [InlineData("WHATSAPP_HOOK_CUSTOM_HEADERS", "Name:with:colons")]
    public void A_global_webhook_that_could_not_work_stops_the_start(string variable, string value) =>
        Assert.StartsWith(variable, Assert.Throws<SettingException>(() => Settings.From(name => name == variable ? value : null)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_global_webhook_needs_an_address_and_events()
    {
        Assert.Null(Settings.From(name => name == "WHATSAPP_HOOK_URL" ? "https://example.org" : null).Webhooks.Global);
        Assert.NotNull(Settings.From(name => name switch { "WHATSAPP_HOOK_URL" => "https://example.org", "WHATSAPP_HOOK_EVENTS" => "*", _ => null }).Webhooks.Global);
    }
}
