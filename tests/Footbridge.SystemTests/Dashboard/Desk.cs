using System.Collections.Concurrent;
using Footbridge.SystemTests.Demo;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Footbridge.SystemTests.Dashboard;

/// <summary>A support person's browser, in front of the job pages.</summary>
internal sealed class Desk : IAsyncDisposable
{
    private const float PatienceMs = 20_000;
    private readonly IPlaywright? _playwright;
    private readonly IBrowser? _browser;
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly Uri _url;

    private Desk(IPlaywright? playwright, IBrowser? browser, IPage page, Uri url)
    {
        (_playwright, _browser, Page, _url) = (playwright, browser, page, url);
        page.SetDefaultTimeout(PatienceMs);
        SetDefaultExpectTimeout(PatienceMs);
        page.Console += (_, message) => Note(message.Type == "error", message.Text);
        page.PageError += (_, error) => Note(true, error);
        page.Request += (_, request) => Note(new Uri(request.Url).Authority != url.Authority && !request.Url.StartsWith("data:", StringComparison.Ordinal), $"asked for {request.Url}");
        page.WebSocket += (_, socket) => Note(new Uri(socket.Url).Authority != url.Authority, $"connected to {socket.Url}");
    }

    public IPage Page { get; }

    public ILocator Heading => Page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    public static async Task<Desk> OpenAsync(Uri url, int width = 1120, int height = 760, ColorScheme scheme = ColorScheme.Light)
    {
        Visitor.RequireBrowser();
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Visitor.Chromium,
            Args = Visitor.Arguments,
        });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, Locale = "en-GB", ReducedMotion = ReducedMotion.Reduce });
        return new(playwright, browser, page, url);
    }

    /// <summary>A page of a browser that is somebody else's, such as one that a link opened.</summary>
    public static Desk At(IPage page, Uri url) => new(null, null, page, url);

    public Task GoAsync(string path) => Page.GotoAsync(new Uri(_url, path).ToString());

    /// <summary>Opens a page as a person does who has not logged in yet, and waits until it is live.</summary>
    public async Task LogInAsync(string path = "/jobs", string user = "admin", string password = "test-password")
    {
        await GoAsync(path);
        await Page.GetByLabel("User").FillAsync(user);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.Keyboard.PressAsync("Enter");
        await LiveAsync();
    }

    /// <summary>Waits until the page has its live connection, so that buttons do something.</summary>
    public Task LiveAsync() => Expect(Page.Locator("[data-live]")).ToHaveCountAsync(1);

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public Task PressAsync(string name) => Button(name).ClickAsync();

    /// <summary>Says yes in the question that an action asks first.</summary>
    public Task ConfirmAsync(string name) => Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    public ILocator Card(string queue) => Page.GetByRole(AriaRole.Group, new() { Name = queue, Exact = true });

    /// <summary>Waits for a state's number on a queue's card.</summary>
    public Task CountsAsync(string queue, string state, int count) =>
        Expect(Card(queue).Locator($".counts div:has(.{state}) dd")).ToHaveTextAsync(count.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Nothing sticks out to the side at this width.</summary>
    public async Task AssertFitsAsync(int width)
    {
        await Page.SetViewportSizeAsync(width, 844);
        var wide = await Page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && !e.closest('.skip, thead, pre, svg, .mud-popover:not(.mud-popover-open)') && e.getBoundingClientRect().width > 0 && (e.getBoundingClientRect().right > innerWidth + 0.5 || e.getBoundingClientRect().left < -0.5))"
            + ".map(e => `${e.tagName}.${e.getAttribute('class') ?? ''}`).concat(document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [])");
        Assert.True(wide.Length == 0, $"{Page.Url} at {width} px: {string.Join(", ", wide)}");
    }

    /// <summary>Goes on with Tab alone until something of this name has the focus.</summary>
    public async Task TabToAsync(string name)
    {
        for (var i = 0; i < 80; i++)
        {
            await Page.Keyboard.PressAsync("Tab");
            if (await Page.EvaluateAsync<bool>("name => (document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).trim() === name", name)) return;
        }

        Assert.Fail($"{name} cannot be reached with the keyboard");
    }

    /// <summary>The browser logged no error, and nothing was asked of anybody but the product.</summary>
    public void AssertNoComplaints() => Assert.Empty(_complaints);

    /// <summary>For docs/images, when FOOTBRIDGE_SCREENSHOT names a folder.</summary>
    public async Task PictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("FOOTBRIDGE_SCREENSHOT") is not { Length: > 0 } folder) return;
        await Page.Mouse.MoveAsync(0, 0);
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name) });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is null) await Page.CloseAsync();
        else await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    private void Note(bool isComplaint, string text)
    {
        if (isComplaint) _complaints.Enqueue(text);
    }
}
