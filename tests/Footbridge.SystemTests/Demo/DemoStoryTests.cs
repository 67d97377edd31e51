using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Footbridge.SystemTests.Demo;

/// <summary>A morning at the bakery from end to end; also where the pictures in docs/images come from.</summary>
/// <remarks><c>FOOTBRIDGE_SCREENSHOT=folder</c> writes demo.png and demo-phone.png there, and their dark twins.</remarks>
public sealed class DemoStoryTests : IDisposable
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(120));

    public void Dispose() => _timeout.Dispose();

    [Fact]
    public async Task A_whole_morning_can_be_played_and_every_screen_fits_in_light_and_dark()
    {
        Visitor.RequireBrowser();
        await using var program = SimulatorProgram.Start("demo", "--product", SimulatorProgram.ProductFile, "--port", "0", "--product-port", "0");
        var url = await program.ReadAsync("Demo ", _timeout.Token);
        await using (var visitor = await Visitor.OpenAsync(url))
        {
            await PlayAsync(visitor);
            await visitor.Page.Mouse.MoveAsync(0, 0);
            await PictureAsync(visitor, "demo.png");
            visitor.AssertNoComplaints();
            await visitor.PressAsync("Take Chatwoot down");
            await visitor.WriteOnPhoneAsync("One more thing: do you take cards?");
            await Expect(visitor.Page.GetByText("1 message waits in Footbridge.")).ToBeVisibleAsync();
            await PictureAsync(visitor, "demo-outage.png");
            await visitor.PressAsync("Bring Chatwoot back");
            await Expect(visitor.InInbox("do you take cards")).ToBeVisibleAsync();
            await visitor.AssertFitsAsync(1280, 1000, 861, 860, 390, 320);
        }

        await LookAroundAsync(url, "demo-phone.png", 390, 844, ColorScheme.Light);
        await LookAroundAsync(url, "demo-dark.png", 1280, 800, ColorScheme.Dark);
        await LookAroundAsync(url, "demo-phone-dark.png", 390, 844, ColorScheme.Dark);
    }

    private static async Task PlayAsync(Visitor visitor)
    {
        await visitor.TakePhoneOfAsync("Ana Ribeiro");
        await visitor.OpenConversationAsync("Ana Ribeiro");
        await visitor.QuoteAsync(visitor.InInbox("sourdough"));
        await visitor.WriteInInboxAsync("Good morning Ana! Yes, **five loaves** are left.");
        await Expect(visitor.OnPhone("five loaves")).ToBeVisibleAsync();
        await visitor.WriteOnPhoneAsync("Lovely. Two please, I come at 10");
        await Expect(visitor.InInbox("Two please")).ToBeVisibleAsync();

        await visitor.PressAsync("Stop session");
        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Start session" })).ToBeEnabledAsync();
        await visitor.WriteInInboxAsync("They are put aside for you.");
        var retry = visitor.Inbox.GetByRole(AriaRole.Button, new() { Name = "Retry" });
        await Expect(retry).ToBeVisibleAsync();
        await PictureAsync(visitor, "demo-stopped.png");
        await visitor.PressAsync("Start session");
        await Expect(visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Stop session" })).ToBeEnabledAsync();
        await retry.ClickAsync();
        await Expect(visitor.OnPhone("put aside")).ToBeVisibleAsync();
        await visitor.QuoteAsync(visitor.OnPhone("put aside"));
        await visitor.WriteOnPhoneAsync("_Perfect_, see you soon");
        await Expect(visitor.InInbox("see you soon")).ToBeVisibleAsync();
        await visitor.PressAsync("Private note");
        await visitor.WriteInInboxAsync("Ana is a regular: add a croissant.");
        await visitor.PressAsync("Reply");
        await Visitor.TicksAsync(visitor.InInbox("They are put aside for you.").Nth(0), "Read");
        await visitor.TakePhoneOfAsync("Mei Lindqvist");
        await visitor.WriteOnPhoneAsync("And until when?");
        await visitor.TakePhoneOfAsync("Ana Ribeiro");
    }

    private static async Task LookAroundAsync(string url, string picture, int width, int height, ColorScheme scheme)
    {
        await using var visitor = await Visitor.OpenAsync(url, width, height, scheme);
        await visitor.TakePhoneOfAsync("Ana Ribeiro");
        await Expect(visitor.OnPhone("take cards")).ToBeVisibleAsync();
        await PictureAsync(visitor, picture);
        var tab = visitor.Page.Locator("#tab-inbox");
        if (await tab.IsVisibleAsync()) await tab.ClickAsync();
        await visitor.OpenConversationAsync("Ana Ribeiro");
        await Expect(visitor.InInbox("take cards")).ToBeVisibleAsync();
        await PictureAsync(visitor, picture.Replace(".png", "-inbox.png", StringComparison.Ordinal));
        visitor.AssertNoComplaints();
    }

    private static async Task PictureAsync(Visitor visitor, string name)
    {
        if (Environment.GetEnvironmentVariable("FOOTBRIDGE_SCREENSHOT") is not { Length: > 0 } folder) return;
        await visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name) });
    }
}
