using Footbridge.Server.Config;
using Footbridge.SystemTests.Chatwoot;
using Footbridge.SystemTests.Demo;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Footbridge.SystemTests.Dashboard;

/// <summary>A conversation whose first message waits an hour for its next try, and one behind it.</summary>
public sealed class LanePagesTests : ChatwootTest
{
    private protected override void Configure(Settings settings) => settings.Jobs.BackoffDelay = TimeSpan.FromHours(1);

    protected override async Task PrepareAsync()
    {
        Visitor.RequireBrowser();
        await base.PrepareAsync();
        await AnaWritesAsync("hello");
        await World.PostAsync("/api/sessions/shop/stop", [], 201, Ct);
        foreach (var text in new[] { "stuck", "behind it" }) await Chatwoot.AgentReplyAsync(Chatwoot.ConversationOf(Customer)!.Id, text);
    }

    [Fact]
    public async Task A_blocked_lane_is_shown_with_its_cause_and_goes_on_when_its_head_is_skipped()
    {
        await using var desk = await BlockedAsync();
        var lane = desk.Page.GetByRole(AriaRole.Table, new() { Name = "Blocked lanes" }).Locator("tbody tr");
        await Expect(lane).ToContainTextAsync("attempt 1 of 3");
        await Expect(lane).ToContainTextAsync("Session status is not as expected");
        await Expect(lane.Locator("[data-label='Behind it']")).ToHaveTextAsync("1");
        await desk.PictureAsync("dashboard-lanes.png");
        await lane.GetByRole(AriaRole.Link).First.ClickAsync();
        await Expect(desk.Page.GetByRole(AriaRole.Table, new() { Name = "Jobs of this lane, in order" }).Locator("tbody tr")).ToHaveCountAsync(2);
        await StartAsync();
        await desk.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Skip head") }).ClickAsync();
        await desk.ConfirmAsync("Skip head");
        Assert.Equal("behind it", (await Ana.Incoming.ReadAsync(Ct)).Text);
        await Expect(desk.Page.GetByText("Nothing waits in this lane.")).ToBeVisibleAsync();
        desk.AssertNoComplaints();
    }

    [Fact]
    public async Task A_blocked_lane_is_tried_at_once_on_request()
    {
        await using var desk = await BlockedAsync();
        await StartAsync();
        await desk.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Retry now") }).ClickAsync();
        await desk.ConfirmAsync("Retry now");
        Assert.Equal(["stuck", "behind it"], [(await Ana.Incoming.ReadAsync(Ct)).Text, (await Ana.Incoming.ReadAsync(Ct)).Text]);
        await Expect(desk.Page.GetByText("No lane is blocked.")).ToBeVisibleAsync();
        desk.AssertNoComplaints();
    }

    [Fact]
    public async Task A_dropped_lane_holds_nothing_any_more_and_its_jobs_are_failed()
    {
        await using var desk = await BlockedAsync();
        await desk.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Drop lane") }).ClickAsync();
        await desk.ConfirmAsync("Drop lane");
        await Expect(desk.Page.GetByText("No lane is blocked.")).ToBeVisibleAsync();
        await desk.GoAsync("/jobs");
        await desk.CountsAsync("chatwoot.inbox | message_created", "failed", 2);
        desk.AssertNoComplaints();
    }

    private async Task<Desk> BlockedAsync()
    {
        var desk = await Desk.OpenAsync(World.Product.Url);
        await desk.LogInAsync("/jobs/lanes");
        await Expect(desk.Page.GetByRole(AriaRole.Table, new() { Name = "Blocked lanes" }).Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(desk.Page.Locator("[data-label='Behind it']")).ToHaveTextAsync("1");
        return desk;
    }

    private async Task StartAsync()
    {
        await World.PostAsync("/api/sessions/shop/start", [], 201, Ct);
        await World.WaitStatusAsync("shop", "WORKING", Ct);
    }
}
