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
