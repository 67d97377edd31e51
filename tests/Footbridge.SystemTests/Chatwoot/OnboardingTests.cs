using System.Text.Json.Nodes;
using Footbridge.Server.Config;
using Footbridge.Simulator.Chatwoot;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Connecting by Chatwoot's address and a token alone.</summary>
public sealed class OnboardingTests : ChatwootTest
{
    protected override async Task PrepareAsync()
    {
        Chatwoot.Store.RemoveInbox(ChatwootSimulator.InboxId);
        await World.PostAsync("/api/sessions", new() { ["name"] = "shop", ["start"] = false }, 201, Ct);
    }

    private protected override void Configure(Settings settings) => settings.ProbePatience = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task On_a_fresh_account_a_url_and_a_token_make_everything_and_see_it_work()
    {
        var made = (await CallAsync("POST", "/api/apps", Draft(), 201))!;
        string[] signing = Chatwoot.Store.Account.Signs ? ["signatures: changed"] : [];
        Assert.Equal(
            ["server: done", "token: done", "account: done", "inbox: changed", "callback address: done", "signature: done", "agents: changed", "attributes: changed", "app: changed", "callback check: done", .. signing],
            Steps(made));
        var inbox = Assert.Single(Chatwoot.Store.Inboxes());
        var config = made["config"]!;
        Assert.Equal(("WhatsApp shop", true), (inbox.Name, inbox.LocksToSingle));
        Assert.Equal((1, inbox.Id, inbox.Identifier), (config["accountId"]!.GetValue<long>(), config["inboxId"]!.GetValue<long>(), config["inboxIdentifier"]!.ToString()));
        Assert.Equal(new Uri(World.Product.Url, $"/webhooks/chatwoot/shop/{made["id"]}"), inbox.WebhookUrl);
        var secret = signing.Length > 0 ? "••••" + inbox.Secret![^4..] : null;
        Assert.Equal((secret, signing.Length > 0 ? "enforce" : null), (config["footbridge"]?["webhookSecret"]?.ToString(), config["footbridge"]?["webhookSignature"]?.ToString()));
        Assert.Equal([7, 8], inbox.Members.Order());
        Assert.Equal(3, Chatwoot.Store.Attributes().Count);
        Assert.StartsWith("🔗", Assert.Single(Integration.Messages).Content!, StringComparison.Ordinal);
        Assert.Empty(Integration.CustomAttributes);
    }

    [Fact]
    public async Task The_second_time_everything_is_there_and_nothing_is_doubled()
    {
        var first = (await CallAsync("POST", "/api/apps", Draft(), 201))!;
        var second = (await CallAsync("POST", "/api/apps", Draft(), 201))!;
        Assert.All(Steps(second), step => Assert.EndsWith(": done", step, StringComparison.Ordinal));
        Assert.Equal((first["id"]!.ToString(), first["config"]!.ToJsonString()), (second["id"]!.ToString(), second["config"]!.ToJsonString()));
        Assert.Single(Chatwoot.Store.Inboxes());
        Assert.Single(Integration.Messages);
        Assert.Equal(3, Chatwoot.Store.Attributes().Count);
    }

    [Fact]
    public async Task A_try_that_stopped_half_way_is_gone_on_with()
    {
        Chatwoot.Faults.OnRequest = request => request.Path.Value!.EndsWith("/inbox_members", StringComparison.Ordinal) && request.Method == "POST" ? new ChatwootFault.Status(500) : null;
        var refused = await CallAsync("POST", "/api/apps", Draft(), 422);
        Assert.StartsWith("inbox: Chatwoot answered 500", refused!["message"]!.ToString(), StringComparison.Ordinal);
        Assert.Empty((await CallAsync("GET", "/api/apps?session=shop", null, 200))!.AsArray());
        Chatwoot.Faults.OnRequest = null;
        var made = (await CallAsync("POST", "/api/apps", Draft(), 201))!;
        // The first try's app had another id: its inbox is known by the session in its callback address.
        Assert.Contains("callback address: changed", Steps(made));
        Assert.Equal(new Uri(World.Product.Url, $"/webhooks/chatwoot/shop/{made["id"]}"), Assert.Single(Chatwoot.Store.Inboxes()).WebhookUrl);
    }

    [Fact]
    public async Task An_inbox_that_a_person_made_for_it_is_used_and_its_members_are_left_alone()
    {
        var inbox = Chatwoot.Store.AddInbox("WhatsApp shop");
        inbox.Members.Add(8);
        var made = (await CallAsync("POST", "/api/apps", Draft(), 201))!;
        Assert.Contains("inbox: done", Steps(made));
        Assert.Equal((8L, inbox.Id), (Assert.Single(inbox.Members), made["config"]!["inboxId"]!.GetValue<long>()));
        // Made before inboxes had secrets.
        Assert.Null(made["config"]!["footbridge"]!["webhookSecret"]);
    }

    [Fact]
    public async Task Somebody_elses_inbox_is_never_taken_over()
    {
        var other = Chatwoot.Store.AddInbox("WhatsApp shop");
        other.WebhookUrl = new("https://another-bridge.example/hook");
        var made = (await CallAsync("POST", "/api/apps", Draft(), 201))!;
        Assert.NotEqual(other.Id, made["config"]!["inboxId"]!.GetValue<long>());
        Assert.Equal("https://another-bridge.example/hook", other.WebhookUrl.ToString());
    }

    [Fact]
    public async Task Of_several_accounts_one_has_to_be_named()
    {
        Chatwoot.Store.Account.Others.Add((2, "Beta", "agent"));
        var refused = await CallAsync("POST", "/api/apps", Draft(), 422);
        Assert.Equal("account: the token's owner has several accounts: 1 (Acme), 2 (Beta). Give one of these as accountId", refused!["message"]!.ToString());
        refused = await CallAsync("POST", "/api/apps", Draft(config => config["accountId"] = 3), 422);
        Assert.Equal("account: the token's owner has no account 3, only 1 (Acme), 2 (Beta). Give one of these as accountId", refused!["message"]!.ToString());
        refused = await CallAsync("POST", "/api/apps", Draft(config => config["accountId"] = 2), 422);
        Assert.StartsWith("role: the token's owner is 'agent' in account 2.", refused!["message"]!.ToString(), StringComparison.Ordinal);
        await CallAsync("POST", "/api/apps", Draft(config => config["accountId"] = 1), 201);
    }

    [Theory]
    [InlineData("accountToken", ChatwootSimulator.AgentToken, "role: the token's owner is 'agent' in account 1. Copy the access token of an administrator")]
    [InlineData("accountToken", "wrong", "token: Chatwoot does not accept the access token (Invalid Access Token). Copy the access token of an administrator")]
    [InlineData("url", "http://127.0.0.1:1", "server: Chatwoot cannot be reached")]
    [InlineData("inboxId", 99, "inbox: there is no inbox 99 in this account. Leave inboxId out")]
    public async Task What_cannot_be_used_is_refused_with_its_reason_and_its_repair_and_makes_nothing(string field, object value, string expected)
    {
        var refused = await CallAsync("POST", "/api/apps", Draft(config => config[field] = JsonValue.Create(value)), 422);
        Assert.StartsWith(expected, refused!["message"]!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(ChatwootSimulator.AgentToken, refused.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(Chatwoot.Store.Inboxes());
        Assert.Empty((await CallAsync("GET", "/api/apps?session=shop", null, 200))!.AsArray());
    }

    [Fact]
    public async Task An_address_where_something_else_answers_is_told_as_such()
    {
        var refused = await CallAsync("POST", "/api/apps", Draft(config => config["url"] = World.Product.Url.ToString()), 422);
        Assert.StartsWith("server: Chatwoot", refused!["message"]!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(ChatwootSimulator.Token, refused.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_inbox_of_another_kind_is_refused_by_name()
    {
        var mail = Chatwoot.Store.AddInbox("Support mail", channel: "Channel::Email");
        var refused = await CallAsync("POST", "/api/apps", Draft(config => config["inboxId"] = mail.Id), 422);
        Assert.StartsWith("inbox: 'Support mail' is no API inbox but Channel::Email.", refused!["message"]!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WebhookFault.Private, "Hostname '127.0.0.1' has no public ip addresses", "SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true")]
    [InlineData(WebhookFault.Refused, "Failed to open TCP connection", "FOOTBRIDGE_CALLBACK_URL")]
    internal async Task Callbacks_that_do_not_arrive_are_told_with_chatwoots_reason_and_leave_nothing_behind(WebhookFault fault, string reason, string repair)
    {
        Chatwoot.Faults.OnWebhook = _ => fault;
        var made = (await CallAsync("POST", "/api/apps", Draft(), 201))!;
        var check = made["setup"]!.AsArray().Single(step => step!["step"]!.ToString() == "callback check")!;
        Assert.Equal("failed", check["outcome"]!.ToString());
        Assert.Contains(reason, check["detail"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains(repair, check["repair"]!.ToString(), StringComparison.Ordinal);
        Assert.Empty(Integration.CustomAttributes);
        Assert.DoesNotContain(Integration.Messages, message => message.IsPrivate && message.ContentAttributes["deleted"] is null);
        Chatwoot.Faults.OnWebhook = null;
        Assert.All(Steps((await CallAsync("POST", "/api/apps", Draft(), 201))!), step => Assert.DoesNotContain("failed", step, StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_that_messages_flow_both_ways()
    {
        await World.PostAsync("/api/sessions/shop/start", [], 201, Ct);
        await World.WaitStatusAsync("shop", "SCAN_QR_CODE", Ct);
        await Shop.PairAsync((await CallAsync("GET", "/api/shop/auth/qr?format=raw", null, 200))!["value"]!.ToString(), Ct);
        await World.WaitStatusAsync("shop", "WORKING", Ct);
        await CallAsync("POST", "/api/apps", Draft(), 201);
        var arrived = await AnaWritesAsync("hello");
        Assert.Equal("hello", arrived.Content);
        var answer = await Chatwoot.AgentReplyAsync(Chatwoot.ConversationOf(Customer)!.Id, "good day");
        await StatusAsync(answer, "delivered");
    }

    private static string[] Steps(JsonNode app) => [.. app["setup"]!.AsArray().Select(step => $"{step!["step"]}: {step["outcome"]}")];

    private JsonObject Draft(Action<JsonObject>? change = null)
    {
        var config = new JsonObject { ["url"] = Chatwoot.BaseUrl.ToString(), ["accountToken"] = ChatwootSimulator.Token, ["footbridge"] = new JsonObject { ["callbackUrl"] = World.Product.Url.ToString() } };
        change?.Invoke(config);
        return new() { ["session"] = "shop", ["app"] = "chatwoot", ["config"] = config };
    }
}
