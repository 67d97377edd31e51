using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Footbridge.SystemTests.Demo;

/// <summary>The demo, started as users start it and used in a browser as people use it.</summary>
public sealed class DemoTests : IAsyncLifetime
{
    private const string Ana = "Ana Ribeiro";
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(120));
    private SimulatorProgram _program = null!;
    private Visitor _visitor = null!;

    public async ValueTask InitializeAsync()
    {
        Visitor.RequireBrowser();
        _program = SimulatorProgram.Start("demo", "--product", SimulatorProgram.ProductFile, "--port", "0", "--product-port", "0");
        _visitor = await Visitor.OpenAsync(await _program.ReadAsync("Demo ", _timeout.Token));
        await _visitor.TakePhoneOfAsync(Ana);
        await _visitor.OpenConversationAsync(Ana);
        await Expect(_visitor.InInbox("sourdough")).ToBeVisibleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_visitor is not null) await _visitor.DisposeAsync();
        if (_program is not null) await _program.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task A_customers_message_reaches_chatwoot_and_the_answers_ticks_turn_as_it_is_delivered_and_read()
    {
        await _visitor.WriteOnPhoneAsync("Two loaves, *please*");
        await Expect(_visitor.InInbox("Two loaves, please").Locator("strong")).ToHaveTextAsync("please");
        await Visitor.TicksAsync(_visitor.OnPhone("Two loaves"), "Delivered");

        await _visitor.LeaveChatAsync();
        await _visitor.WriteInInboxAsync("They are **ready**");
        var answer = _visitor.InInbox("They are ready");
        await Visitor.TicksAsync(answer, "Delivered");
        await Expect(_visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Ana Ribeiro's phone, 1 unread" })).ToBeVisibleAsync();

        await _visitor.OpenChatAsync();
        await Expect(_visitor.OnPhone("They are ready").Locator("strong")).ToHaveTextAsync("ready");
        await Visitor.TicksAsync(answer, "Read");
        _visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Quotes_cross_the_bridge_both_ways()
    {
        await _visitor.QuoteAsync(_visitor.InInbox("sourdough"));
        await _visitor.WriteInInboxAsync("Five are left");
        await Expect(_visitor.OnPhone("Five are left").Locator(".quote-text")).ToHaveTextAsync("Hi! Do you still have sourdough today?");
        await Expect(_visitor.InInbox("Five are left").Locator(".quote-text")).ToHaveTextAsync("Hi! Do you still have sourdough today?");

        await _visitor.QuoteAsync(_visitor.OnPhone("Five are left"));
        await _visitor.WriteOnPhoneAsync("Keep them for me");
        await Expect(_visitor.InInbox("Keep them for me").Locator(".quote-text")).ToHaveTextAsync("Five are left");
        await Expect(_visitor.OnPhone("Keep them for me").Locator(".quote-text")).ToHaveTextAsync("Five are left");
        _visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task An_answer_to_a_stopped_session_fails_with_a_note_that_links_its_job_and_retry_sends_it_after_the_start()
    {
        await _visitor.PressAsync("Stop session");
        await Expect(_visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Start session" })).ToBeEnabledAsync();
        await _visitor.WriteInInboxAsync("Can you hear me?");
        var answer = _visitor.InInbox("Can you hear me?").Filter(new() { Has = _visitor.Page.Locator(".failure") });
        await Expect(answer.GetByRole(AriaRole.Button, new() { Name = "Retry" })).ToBeVisibleAsync();
        await Visitor.TicksAsync(answer, "Failed");
        var link = _visitor.InInbox("could not be sent").GetByRole(AriaRole.Link);
        await Expect(link).ToHaveAttributeAsync("href", new System.Text.RegularExpressions.Regex(@"^http://localhost:\d+/jobs/queue/"));

        await _visitor.PressAsync("Start session");
        await Expect(_visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Stop session" })).ToBeEnabledAsync();
        await answer.GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
        await Expect(_visitor.OnPhone("Can you hear me?")).ToHaveCountAsync(1);
        await Visitor.TicksAsync(_visitor.InInbox("Can you hear me?").First, "Read");
        _visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Messages_written_while_chatwoot_is_down_all_arrive_in_order_and_once_when_it_is_back()
    {
        await _visitor.PressAsync("Take Chatwoot down");
        await Expect(_visitor.Page.GetByText("Chatwoot is down")).ToBeVisibleAsync();
        foreach (var text in new[] { "waiting one", "waiting two", "waiting three" }) await _visitor.WriteOnPhoneAsync(text);
        await Expect(_visitor.Page.GetByText("3 messages wait in Footbridge.")).ToBeVisibleAsync();
        await Visitor.TicksAsync(_visitor.OnPhone("waiting three"), "Delivered");
        await Expect(_visitor.InInbox("waiting")).ToHaveCountAsync(0);

        await _visitor.PressAsync("Bring it back");
        await Expect(_visitor.InInbox("waiting three")).ToBeVisibleAsync();
        await Expect(_visitor.InInbox("waiting").Locator(".text")).ToHaveTextAsync(["waiting one", "waiting two", "waiting three"]);
        _visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task A_session_that_an_agent_logs_out_shows_its_code_in_chatwoot_and_works_again_after_the_scan()
    {
        await _visitor.OpenConversationAsync("WhatsApp Integration");
        await _visitor.WriteInInboxAsync("logout");
        await Expect(_visitor.Inbox.GetByRole(AriaRole.Img, new() { Name = "qr.png" }).First).ToBeVisibleAsync();
        await _visitor.PressAsync("Scan QR code");
        await Expect(_visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Stop session" })).ToBeEnabledAsync();
        await _visitor.OpenConversationAsync(Ana);
        await _visitor.WriteInInboxAsync("We are back");
        await Expect(_visitor.OnPhone("We are back")).ToBeVisibleAsync();
        await _visitor.WriteOnPhoneAsync("So am I");
        await Expect(_visitor.InInbox("So am I")).ToBeVisibleAsync();
        _visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task Text_that_looks_like_code_stays_text_on_both_sides()
    {
        const string Hostile = "<img src=x onerror=alert(1)> [press](javascript:alert(1)) <b>no</b>";
        await _visitor.WriteOnPhoneAsync(Hostile);
        await Expect(_visitor.InInbox("onerror").Locator(".text")).ToHaveTextAsync(Hostile);
        await Expect(_visitor.OnPhone("onerror").Locator(".text")).ToHaveTextAsync(Hostile);
        await Expect(_visitor.InInbox("onerror").Locator("a, b, img")).ToHaveCountAsync(0);
        _visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task A_private_note_stays_in_chatwoot()
    {
        await _visitor.PressAsync("Private note");
        await _visitor.WriteInInboxAsync("She is a regular");
        await Expect(_visitor.InInbox("She is a regular").GetByText("Private note", new() { Exact = true })).ToBeVisibleAsync();
        await _visitor.PressAsync("Reply");
        await _visitor.WriteInInboxAsync("Hello Ana");
        await Expect(_visitor.OnPhone("Hello Ana")).ToBeVisibleAsync();
        await Expect(_visitor.OnPhone("regular")).ToHaveCountAsync(0);
        _visitor.AssertNoComplaints();
    }

    [Fact]
    public async Task The_keyboard_alone_is_enough_to_choose_a_phone_write_and_quote()
    {
        var keys = _visitor.Page.Keyboard;
        await _visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Tom Okafor's phone" }).FocusAsync();
        await keys.PressAsync("Enter");
        await Expect(_visitor.OnPhone("cake")).ToBeVisibleAsync();
        for (var i = 0; i < 20 && !await IsFocusedAsync("Quote: Morning"); i++) await keys.PressAsync("Tab");
        await keys.PressAsync("Enter");
        await keys.TypeAsync("The one with cherries");
        await keys.PressAsync("Enter");
        await Expect(_visitor.InInbox("The one with cherries").Locator(".quote-text")).ToHaveTextAsync("Morning, is my cake order ready?");
        _visitor.AssertNoComplaints();
    }

    private async Task<bool> IsFocusedAsync(string label) =>
        (await _visitor.Page.EvaluateAsync<string?>("document.activeElement?.getAttribute('aria-label')"))?.StartsWith(label, StringComparison.Ordinal) ?? false;
}
