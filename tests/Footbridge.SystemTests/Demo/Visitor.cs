using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Footbridge.SystemTests.Demo;

/// <summary>A person with a browser in front of the demo.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    public const string Chromium = "/usr/bin/chromium";

    /// <summary>How any browser of a test is started.</summary>
    public static readonly string[] Arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private const float PatienceMs = 30_000;
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly ConcurrentQueue<string> _complaints = new();

    private Visitor(IPlaywright playwright, IBrowser browser, IPage page)
    {
        (_playwright, _browser, Page) = (playwright, browser, page);
        page.SetDefaultTimeout(PatienceMs);
        SetDefaultExpectTimeout(PatienceMs);
        page.Console += (_, message) => Note(message.Type == "error", message.Text);
        page.PageError += (_, error) => Note(true, error);
        page.Request += (_, request) => Note(new Uri(request.Url).Host != "localhost", $"asked for {request.Url}");
    }

    public IPage Page { get; }

    public ILocator Phone => Page.GetByRole(AriaRole.Log, new() { Name = "Chat on the phone" });

    public ILocator Inbox => Page.GetByRole(AriaRole.Log, new() { Name = "Conversation in Chatwoot" });

    /// <summary>Skips the test where there is no browser; on CI there must be one.</summary>
    public static void RequireBrowser()
    {
        if (!File.Exists(Chromium) && Environment.GetEnvironmentVariable("CI") != "true") Assert.Skip($"{Chromium} is not installed: sudo apt-get install chromium");
    }

    public static async Task<Visitor> OpenAsync(string url, int width = 1280, int height = 800, ColorScheme scheme = ColorScheme.Light)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium,
            Args = [.. Arguments, "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
        });
        var context = await browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, Locale = "en-GB", ReducedMotion = ReducedMotion.Reduce });
        var page = await context.NewPageAsync();
        var visitor = new Visitor(playwright, browser, page);
        await page.GotoAsync(url);
        await Expect(page.GetByRole(AriaRole.Group, new() { Name = "Whose phone" }).GetByRole(AriaRole.Button)).ToHaveCountAsync(3);
        return visitor;
    }

    public ILocator OnPhone(string text) => Phone.GetByRole(AriaRole.Article).Filter(new() { HasText = text });

    public ILocator InInbox(string text) => Inbox.GetByRole(AriaRole.Article).Filter(new() { HasText = text });

    /// <summary>Takes a customer's phone in the hand.</summary>
    public Task TakePhoneOfAsync(string name) => Page.GetByRole(AriaRole.Button, new() { Name = $"{name}'s phone" }).ClickAsync();

    public Task OpenConversationAsync(string name) =>
        Page.GetByRole(AriaRole.Navigation, new() { Name = "Conversations" }).GetByRole(AriaRole.Button).Filter(new() { HasText = name }).ClickAsync();

    public Task LeaveChatAsync() => Page.GetByRole(AriaRole.Button, new() { Name = "Back to the list of chats" }).ClickAsync();

    public Task OpenChatAsync() => Page.Locator("#phone-chats").GetByRole(AriaRole.Button).ClickAsync();

    public Task WriteOnPhoneAsync(string text) => WriteAsync("Message on the phone", text);

    public Task WriteInInboxAsync(string text) => WriteAsync("Message in Chatwoot", text);

    public async Task QuoteAsync(ILocator bubble)
    {
        await bubble.HoverAsync();
        await bubble.GetByRole(AriaRole.Button, new() { NameRegex = new("^Quote") }).ClickAsync();
    }

    /// <summary>Deletes an answer as agents do.</summary>
    public async Task DeleteAsync(ILocator bubble)
    {
        await bubble.HoverAsync();
        await bubble.GetByRole(AriaRole.Button, new() { NameRegex = new("^Delete") }).ClickAsync();
    }

    /// <param name="side"><c>on the phone</c> or <c>in Chatwoot</c>.</param>
    public async Task AttachAsync(string side, string name, string contentType, byte[] bytes)
    {
        var chooser = await Page.RunAndWaitForFileChooserAsync(() => PressAsync($"Attach a file {side}"));
        await chooser.SetFilesAsync(new FilePayload { Name = name, MimeType = contentType, Buffer = bytes });
    }

    /// <summary>Speaks into the microphone for a second or two; what is recorded is sent with the next Enter.</summary>
    public async Task RecordAsync(string side)
    {
        await PressAsync($"Record a voice message {side}");
        var stop = Page.GetByRole(AriaRole.Button, new() { Name = $"Stop recording {side}" });
        await Expect(stop).ToContainTextAsync("0:01");
        await stop.ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Do not send voice-message") })).ToBeVisibleAsync();
    }

    public Task PressAsync(string button) => Page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();

    /// <summary>Waits for a message's ticks: Sent, Delivered, Read or Failed.</summary>
    public static Task TicksAsync(ILocator bubble, string state) => Expect(bubble.GetByRole(AriaRole.Img, new() { Name = state, Exact = true })).ToBeVisibleAsync();

    /// <summary>Nothing sticks out to the side, at any of these widths.</summary>
    public async Task AssertFitsAsync(params int[] widths)
    {
        foreach (var width in widths)
        {
            await Page.SetViewportSizeAsync(width, 844);
            foreach (var side in new[] { "#tab-phone", "#tab-inbox" })
            {
                if (await Page.Locator(side).IsVisibleAsync()) await Page.Locator(side).ClickAsync();
                var wide = await Page.EvaluateAsync<string[]>(
                    "[...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && !e.closest('.visually-hidden') && (e.getBoundingClientRect().right > innerWidth + 0.5 || e.getBoundingClientRect().left < -0.5))"
                    + ".map(e => `${e.tagName}.${e.getAttribute('class') ?? ''}#${e.id}`).concat(document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [])");
                Assert.True(wide.Length == 0, $"{width} px, {side}: {string.Join(", ", wide)}");
            }
        }
    }

    /// <summary>The browser logged no error, and nothing was asked of anybody but this machine.</summary>
    public void AssertNoComplaints() => Assert.Empty(_complaints);

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private async Task WriteAsync(string box, string text)
    {
        await Page.GetByLabel(box, new() { Exact = true }).FillAsync(text);
        await Page.Keyboard.PressAsync("Enter");
    }

    private void Note(bool isComplaint, string text)
    {
        if (isComplaint) _complaints.Enqueue(text);
    }
}
