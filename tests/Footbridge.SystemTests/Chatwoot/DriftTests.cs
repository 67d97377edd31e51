using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Apps;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Apps.Chatwoot.Scheduled;
using Footbridge.Server.Config;
using Footbridge.Simulator.Chatwoot;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.SystemTests.Dashboard;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Somebody changes something in Chatwoot: it is noticed by a schedule, told once, and put right where nobody can have meant it so.</summary>
public sealed class DriftTests : ChatwootTest
{
    private SimInbox Inbox => Chatwoot.Store.Inboxes().Single(inbox => inbox.Name == "WhatsApp shop");

    protected override async Task PrepareAsync()
    {
        await World.LinkAsync("shop", Shop, Ct);
        await CallAsync("POST", "/api/apps", new JsonObject
        {
            ["id"] = "app_shop",
            ["session"] = "shop",
            ["app"] = "chatwoot",
            ["config"] = new JsonObject
            {
                ["url"] = Chatwoot.BaseUrl.ToString(),
                ["accountToken"] = ChatwootSimulator.Token,
                ["footbridge"] = new JsonObject { ["callbackUrl"] = World.Product.Url.ToString() },
            },
        }, 201);
    }

    private protected override void Configure(Settings settings) => settings.ProbePatience = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Every_enabled_app_is_looked_at_within_ten_minutes()
    {
        IReadOnlyList<JobScheduleState> found = [];
        // The schedules are set up beside the request that made the app.
        while (found.Count == 0) found = [.. (await World.Part<IJobStore>().SchedulesAsync(Ct)).Where(state => state.Schedule.Queue == Queues.Drift)];
        var schedule = Assert.Single(found).Schedule;
        Assert.Matches("^[0-9]+ 1/4 ", schedule.Cron);
        Assert.Contains("app_shop", schedule.Id, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_callback_address_that_leads_elsewhere_is_told_once_and_left_alone()
    {
        Inbox.WebhookUrl = new("https://elsewhere.example/hook");
        await RoundAsync();
        await RoundAsync();
        var note = Assert.Single(Integration.Messages, message => message.IsPrivate);
        Assert.StartsWith("⚠️ **Somebody changed the callback address of this inbox**", note.Content!, StringComparison.Ordinal);
        Assert.Equal("https://elsewhere.example/hook", Inbox.WebhookUrl!.ToString());
        var health = (await CallAsync("GET", "/health", null, 200))!;
        Assert.Equal("callback-address", Assert.Single(health["details"]!["chatwoot.shop"]!["broken"]!.AsArray())!.ToString());
        Inbox.WebhookUrl = new(World.Product.Url, "/webhooks/chatwoot/shop/app_shop");
        await RoundAsync();
        Assert.Empty((await CallAsync("GET", "/health", null, 200))!["details"]!["chatwoot.shop"]!["broken"]!.AsArray());
        Inbox.WebhookUrl = null;
        await RoundAsync();
        Assert.Equal(2, Integration.Messages.Count(message => message.IsPrivate));
    }

    [Fact]
    public async Task It_is_put_right_where_the_app_says_so()
    {
        await World.Part<AppRegistry>().AmendAsync("app_shop", config =>
        {
            config["footbridge"]!["drift"] = "repair";
            return config;
        }, Ct);
        Inbox.WebhookUrl = new("https://elsewhere.example/hook");
        await RoundAsync();
        Assert.Equal(new Uri(World.Product.Url, "/webhooks/chatwoot/shop/app_shop"), Inbox.WebhookUrl);
        Assert.DoesNotContain(Integration.Messages, message => message.IsPrivate);
    }

    [Fact]
    public async Task A_new_secret_and_lost_attributes_are_put_right_and_nothing_is_lost()
    {
        Inbox.Secret = "a-new-secret-of-the-inbox";
        foreach (var attribute in Chatwoot.Store.Attributes()) Chatwoot.Store.RemoveAttribute(attribute!["id"]!.GetValue<long>());
        await RoundAsync();
        Assert.Equal(3, Chatwoot.Store.Attributes().Count);
        await AnaWritesAsync("hello");
        // Only signed callbacks are taken, and this one is signed with the new secret.
        await StatusAsync(await Chatwoot.AgentReplyAsync(Chatwoot.ConversationOf(Customer)!.Id, "good day"), "delivered");
        Assert.DoesNotContain(Integration.Messages, message => message.IsPrivate);
    }

    [Fact]
    public async Task A_revoked_token_is_told_through_the_inboxs_own_door()
    {
        Chatwoot.Store.Account.IsTokenRevoked = true;
        await RoundAsync();
        Assert.StartsWith("⚠️ **The access token of this inbox is not accepted any more.**", Integration.Messages[^1].Content!, StringComparison.Ordinal);
        var count = Integration.Messages.Count;
        await RoundAsync();
        Assert.Equal(count, Integration.Messages.Count);
    }

    [Fact]
    public async Task A_deleted_inbox_is_told_in_health_and_connecting_again_makes_another()
    {
        Chatwoot.Store.RemoveInbox(Inbox.Id);
        await RoundAsync();
        var health = (await CallAsync("GET", "/health", null, 200))!;
        Assert.Equal("inbox", Assert.Single(health["details"]!["chatwoot.shop"]!["broken"]!.AsArray())!.ToString());
        await CallAsync("POST", "/api/apps", new JsonObject
        {
            ["session"] = "shop",
            ["app"] = "chatwoot",
            ["config"] = new JsonObject { ["url"] = Chatwoot.BaseUrl.ToString(), ["accountToken"] = ChatwootSimulator.Token },
        }, 201);
        await RoundAsync();
        Assert.Empty((await CallAsync("GET", "/health", null, 200))!["details"]!["chatwoot.shop"]!["broken"]!.AsArray());
        Assert.Equal("hello", (await AnaWritesAsync("hello")).Content);
    }

    /// <summary>As the schedule does it: by a job.</summary>
    private async Task RoundAsync()
    {
        var id = "drift_" + Guid.NewGuid().ToString("N");
        var heard = World.Part<IJobMonitor>();
        await World.Part<JobQueue>().EnqueueAsync(new JobRequest(id, Queues.Drift, "app_shop/check.connection", new ScheduledData("app_shop", "shop").Write(), new JobPolicy(1, TimeSpan.FromSeconds(1))), Ct);
        while ((await heard.JobAsync(id, Ct))!.Summary.State is not (JobState.Completed or JobState.Failed)) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        Assert.Equal(JobState.Completed, (await heard.JobAsync(id, Ct))!.Summary.State);
    }
}
