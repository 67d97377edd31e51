using Footbridge.Jobs;
using Footbridge.SystemTests.Chatwoot;
using Footbridge.SystemTests.Demo;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Footbridge.SystemTests.Dashboard;

/// <summary>What all pages have in common: small screens, darkness, the keyboard, and a browser that may talk to nobody else.</summary>
public sealed class FrameTests : ChatwootTest
{
    private const string Created = "chatwoot.inbox | message_created";
    private string _job = null!;

    protected override async Task PrepareAsync()
    {
        Visitor.RequireBrowser();
        await base.PrepareAsync();
        await AnaWritesAsync("hello");
        await World.PostAsync("/api/sessions/shop/stop", [], 201, Ct);
        await StatusAsync(await Chatwoot.AgentReplyAsync(Chatwoot.ConversationOf(Customer)!.Id, "an answer that does not get through"), "failed");
        _job = Assert.Single(await World.JobsAsync(JobState.Failed, Created, 1, Ct)).Id;
    }

    [Fact]
    public async Task Every_page_fits_a_phone_and_a_narrow_window()
    {
        await using var desk = await Desk.OpenAsync(World.Product.Url, 390, 844);
        await desk.GoAsync("/jobs");
        await desk.AssertFitsAsync(320);
        await desk.LogInAsync();
        foreach (var path in Pages)
        {
            await desk.GoAsync(path);
            await desk.LiveAsync();
            foreach (var width in new[] { 320, 390, 721, 1024 }) await desk.AssertFitsAsync(width);
            if (path == "/jobs") await desk.Page.SetViewportSizeAsync(390, 844);
            if (path == "/jobs") await desk.PictureAsync("dashboard-phone.png");
        }

        desk.AssertNoComplaints();
    }

    [Fact]
    public async Task Pages_are_dark_where_the_system_is_and_the_switch_is_remembered()
    {
        await using var desk = await Desk.OpenAsync(World.Product.Url, scheme: ColorScheme.Dark);
        await desk.LogInAsync();
        await Expect(desk.Page.Locator("body")).ToHaveCSSAsync("background-color", "rgb(20, 25, 28)");
        await desk.CountsAsync(Created, "failed", 1);
        await desk.PictureAsync("dashboard-dark.png");
        await desk.PressAsync("Theme: system. Switch");
        await Expect(desk.Page.Locator("body")).ToHaveCSSAsync("background-color", "rgb(246, 247, 248)");
        await desk.PictureAsync("dashboard.png");
        await desk.Page.ReloadAsync();
        await desk.LiveAsync();
        await Expect(desk.Page.Locator("body")).ToHaveCSSAsync("background-color", "rgb(246, 247, 248)");
        await Expect(desk.Button("Theme: light. Switch")).ToBeVisibleAsync();
        desk.AssertNoComplaints();
    }

    [Fact]
    public async Task The_keyboard_alone_reaches_the_job_and_retries_it()
    {
        await World.PostAsync("/api/sessions/shop/start", [], 201, Ct);
        await World.WaitStatusAsync("shop", "WORKING", Ct);
        await using var desk = await Desk.OpenAsync(World.Product.Url);
        await desk.LogInAsync($"/jobs/queue/{Uri.EscapeDataString(Created)}");
        await desk.TabToAsync(_job);
        Assert.NotEqual("none", await desk.Page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
        await desk.Page.Keyboard.PressAsync("Enter");
        await Expect(desk.Heading).ToHaveTextAsync(_job);
        // A new page puts the focus on its heading; whoever is faster than that loses it again.
        await Expect(desk.Heading).ToBeFocusedAsync();
        await desk.TabToAsync("Retry");
        await desk.Page.Keyboard.PressAsync("Enter");
        await Expect(desk.Page.Locator(".facts")).ToContainTextAsync("completed");
        desk.AssertNoComplaints();
    }

    [Fact]
    public async Task Logging_out_ends_the_visit()
    {
        await using var desk = await Desk.OpenAsync(World.Product.Url);
        await desk.LogInAsync();
        await desk.PressAsync("Log out");
        await Expect(desk.Page.GetByLabel("Password")).ToBeVisibleAsync();
        await desk.GoAsync("/jobs");
        await Expect(desk.Page.GetByLabel("Password")).ToBeVisibleAsync();
        desk.AssertNoComplaints();
    }

    private string[] Pages =>
    [
        "/jobs", $"/jobs/queue/{Uri.EscapeDataString(Created)}", $"/jobs/queue/{Uri.EscapeDataString(Created)}/{_job}", "/jobs/lanes", "/jobs/lane?name=app_shop/1",
        "/jobs/search?q=" + Customer, $"/jobs/message/{_job}", "/jobs/reconciliation", "/jobs/audit",
        "/dashboard", "/dashboard/session/shop", "/dashboard/apps", "/dashboard/connect", "/dashboard/calls/shop", "/dashboard/app/app_shop",
    ];
}
