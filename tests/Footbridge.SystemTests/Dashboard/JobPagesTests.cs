using System.Diagnostics;
using Footbridge.Jobs;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.SystemTests.Chatwoot;
using Footbridge.SystemTests.Demo;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Footbridge.SystemTests.Dashboard;

/// <summary>What a support person sees and does when an agent's message could not be sent.</summary>
public sealed class JobPagesTests : ChatwootTest
{
    private const string Created = "chatwoot.inbox | message_created";

    protected override Task PrepareAsync()
    {
        Visitor.RequireBrowser();
        return base.PrepareAsync();
    }

    [Fact]
    public async Task A_job_that_failed_three_times_shows_each_and_completes_after_a_person_retries_it()
    {
        await FailAsync("are you there?");
        await using var desk = await Desk.OpenAsync(World.Product.Url);
        await desk.LogInAsync();
        await desk.CountsAsync(Created, "failed", 1);
        await desk.Card(Created).GetByRole(AriaRole.Link, new() { Name = Created }).ClickAsync();
        await desk.PictureAsync("dashboard-queue.png");
        await desk.Page.GetByRole(AriaRole.Table, new() { Name = "failed jobs" }).GetByRole(AriaRole.Link, new() { NameRegex = new("^job_") }).ClickAsync();
        await Expect(desk.Page.Locator(".trail li.bad")).ToHaveCountAsync(4); // three tries, and the end
        await Expect(desk.Page.Locator(".facts")).ToContainTextAsync("3 of 3");
        await Expect(desk.Page.GetByRole(AriaRole.Link, new() { Name = "Open the conversation" })).ToHaveAttributeAsync("href", new System.Text.RegularExpressions.Regex("/app/accounts/[0-9]+/conversations/[0-9]+$"));
        await desk.PictureAsync("dashboard-job.png");

        await World.PostAsync("/api/sessions/shop/start", [], 201, Ct);
        await World.WaitStatusAsync("shop", "WORKING", Ct);
        await desk.PressAsync("Retry");
        await Expect(desk.Page.Locator(".facts")).ToContainTextAsync("completed");
        Assert.Equal("are you there?", (await Ana.Incoming.ReadAsync(Ct)).Text);
        await Expect(desk.Button("Retry")).ToHaveCountAsync(0);
        await desk.GoAsync("/jobs/audit");
        await Expect(desk.Page.GetByRole(AriaRole.Table).Locator("tbody tr").First).ToContainTextAsync("admin (act)");
        desk.AssertNoComplaints();
    }

    [Fact]
    public async Task A_paused_queue_keeps_what_comes_and_goes_on_when_it_is_resumed()
    {
        await AnaWritesAsync("hello");
        await using var desk = await Desk.OpenAsync(World.Product.Url);
        await desk.LogInAsync();
        var runs = desk.Page.GetByLabel($"{Created} runs");
        await runs.UncheckAsync();
        await Expect(desk.Card(Created)).ToContainTextAsync("Paused");
        await Chatwoot.AgentReplyAsync(Chatwoot.ConversationOf(Customer)!.Id, "held back");
        await desk.CountsAsync(Created, "paused", 1);
        await runs.CheckAsync();
        Assert.Equal("held back", (await Ana.Incoming.ReadAsync(Ct)).Text);
        await desk.CountsAsync(Created, "completed", 1);
        await Expect(desk.Page.GetByLabel("chatwoot.inbox | commands runs")).ToHaveCountAsync(0);
        await desk.Page.GetByLabel("Filter").FillAsync("inbox");
        await Expect(desk.Card("chatwoot.waha | message.any")).ToHaveCountAsync(0);
        await Expect(desk.Card(Created)).ToBeVisibleAsync();
        desk.AssertNoComplaints();
    }

    [Fact]
    public async Task A_payload_is_masked_until_somebody_who_may_act_asks_for_it_which_the_audit_notes()
    {
        await FailAsync("nobody else reads this");
        await using var desk = await Desk.OpenAsync(World.Product.Url);
        await desk.LogInAsync(await FailedJobAsync());
        var payload = desk.Page.GetByRole(AriaRole.Region, new() { Name = "Payload" }).Locator("pre");
        await Expect(payload).ToContainTextAsync("\"event\": \"message_created\"");
        foreach (var secret in new[] { "nobody else reads this", Customer, "Ana Example" }) await Expect(payload).Not.ToContainTextAsync(secret);
        await desk.Page.GetByLabel("Show what people wrote").CheckAsync();
        await Expect(payload).ToContainTextAsync("nobody else reads this");
        await desk.GoAsync("/jobs/audit");
        await Expect(desk.Page.GetByRole(AriaRole.Table).Locator("tbody tr").First).ToContainTextAsync("reveal payload");
        desk.AssertNoComplaints();
    }

    [Fact]
    public async Task Who_may_only_look_finds_nothing_to_press()
    {
        await FailAsync("still here");
        await using var desk = await Desk.OpenAsync(World.Product.Url);
        await desk.LogInAsync(await FailedJobAsync(), "viewer", "viewer-password");
        await Expect(desk.Page.Locator(".facts")).ToContainTextAsync("failed");
        foreach (var name in new[] { "Retry", "Retry at head", "Remove" }) await Expect(desk.Button(name)).ToHaveCountAsync(0);
        await Expect(desk.Page.GetByLabel("Show what people wrote")).ToHaveCountAsync(0);
        await desk.GoAsync("/jobs");
        await desk.LiveAsync();
        await desk.CountsAsync(Created, "failed", 1);
        await Expect(desk.Page.GetByLabel($"{Created} runs")).ToHaveCountAsync(0);
        await desk.GoAsync(Uri.EscapeDataString(Created).Insert(0, "/jobs/queue/"));
        await desk.LiveAsync();
        await Expect(desk.Button("Retry all failed")).ToHaveCountAsync(0);
        desk.AssertNoComplaints();
    }

    [Fact]
    public async Task All_failed_jobs_of_a_queue_are_retried_in_their_order_after_a_question_and_with_a_result()
    {
        var conversation = await FailAsync("first");
        await StatusAsync(await Chatwoot.AgentReplyAsync(conversation.Id, "second"), "failed");
        await World.PostAsync("/api/sessions/shop/start", [], 201, Ct);
        await World.WaitStatusAsync("shop", "WORKING", Ct);
        await using var desk = await Desk.OpenAsync(World.Product.Url);
        await desk.LogInAsync($"/jobs/queue/{Uri.EscapeDataString(Created)}");
        await desk.PressAsync("Retry all failed");
        await desk.ConfirmAsync("Cancel");
        await Expect(desk.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await desk.PressAsync("Retry all failed");
        await desk.ConfirmAsync("Retry all failed");
        await Expect(desk.Page.GetByText("retry all failed: 2 done")).ToBeVisibleAsync();
        Assert.Equal(["first", "second"], [(await Ana.Incoming.ReadAsync(Ct)).Text, (await Ana.Incoming.ReadAsync(Ct)).Text]);
        await desk.CountsAsync(Created, "completed", 2);
        desk.AssertNoComplaints();
    }

    [Fact]
    public async Task A_message_is_found_by_its_phone_and_its_way_is_shown_hop_by_hop()
    {
        await FailAsync("where is it?");
        await using var desk = await Desk.OpenAsync(World.Product.Url);
        await desk.LogInAsync();
        await desk.Page.GetByRole(AriaRole.Searchbox).FillAsync($"+{Customer}");
        await desk.Page.Keyboard.PressAsync("Enter");
        await desk.LiveAsync();
        var found = desk.Page.GetByRole(AriaRole.Table).Locator("tbody tr");
        // The message, its answer, and the look at the person's picture.
        await Expect(found).ToHaveCountAsync(3);
        await found.Filter(new() { HasText = "quarantined" }).GetByRole(AriaRole.Link).First.ClickAsync();
        var way = desk.Page.GetByRole(AriaRole.List, new() { Name = "Its way" });
        await Expect(way).ToContainTextAsync("Received: stored in the ledger");
        await Expect(way).ToContainTextAsync("Attempt 3 failed: Session status is not as expected");
        await Expect(way).ToContainTextAsync("Quarantined");
        await desk.PictureAsync("dashboard-message.png");
        await desk.GoAsync("/jobs/reconciliation");
        await desk.LiveAsync();
        await Expect(desk.Page.GetByRole(AriaRole.Region, new() { Name = "app_shop" })).ToContainTextAsync("missing");
        await Expect(desk.Page.Locator(".wrong")).ToHaveCountAsync(0);
        await Expect(desk.Page.GetByText("Not delivered (1)")).ToBeVisibleAsync();
        desk.AssertNoComplaints();
    }

    [Fact]
    public async Task A_job_without_a_message_and_a_lane_are_found_too()
    {
        var queue = World.Part<JobQueue>();
        await queue.PauseAsync("test | paused", Ct);
        await queue.EnqueueAsync(new("test-job", "test | paused", "test-lane", "{}"u8.ToArray(), new(1, TimeSpan.FromSeconds(1))), Ct);
        await using var desk = await Desk.OpenAsync(World.Product.Url);
        await desk.LogInAsync("/jobs/search?q=test-job");
        await Expect(desk.Page.GetByRole(AriaRole.Link, new() { Name = "test-job" })).ToBeVisibleAsync();
        await desk.GoAsync("/jobs/search?q=test-lane");
        await Expect(desk.Page.GetByRole(AriaRole.Link, new() { Name = "test-lane" })).ToBeVisibleAsync();
        await desk.GoAsync("/jobs/search?q=nothing-like-it");
        await Expect(desk.Page.GetByText("Nothing is known of “nothing-like-it”.")).ToBeVisibleAsync();
        desk.AssertNoComplaints();
    }

    [Fact]
    public async Task An_open_page_does_not_hold_up_a_stop_of_the_product()
    {
        await using var desk = await Desk.OpenAsync(World.Product.Url);
        await desk.LogInAsync();
        var began = Stopwatch.GetTimestamp();
        await World.Product.DisposeAsync();
        // Far below the half minute that a server would wait for connections to end by themselves.
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(15));
        await Expect(desk.Page.Locator("#components-reconnect-modal")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_job_that_is_gone_says_so_and_what_the_ledger_still_knows()
    {
        await FailAsync("gone soon");
        var path = await FailedJobAsync();
        await using var desk = await Desk.OpenAsync(World.Product.Url);
        await desk.LogInAsync(path);
        await desk.PressAsync("Remove");
        await desk.ConfirmAsync("Remove");
        await Expect(desk.Page.GetByText("holds no job of this id any more")).ToBeVisibleAsync();
        await Expect(desk.Page.GetByText("What the ledger knows: Received")).ToBeVisibleAsync();
        desk.AssertNoComplaints();
        Assert.Equal(404, (await desk.Page.ReloadAsync())!.Status);
    }

    private protected override void Configure(Server.Config.Settings settings) => settings.ViewerPassword = "viewer-password";

    private async Task<string> FailedJobAsync()
    {
        var job = Assert.Single(await World.JobsAsync(JobState.Failed, Created, 1, Ct));
        return $"/jobs/queue/{Uri.EscapeDataString(Created)}/{job.Id}";
    }

    /// <summary>An agent's answer while the session is stopped, until its job has failed for good.</summary>
    private async Task<SimConversation> FailAsync(string text)
    {
        await AnaWritesAsync("hello");
        await World.PostAsync("/api/sessions/shop/stop", [], 201, Ct);
        var conversation = Chatwoot.ConversationOf(Customer)!;
        await StatusAsync(await Chatwoot.AgentReplyAsync(conversation.Id, text), "failed");
        return conversation;
    }
}
