using Footbridge.SystemTests.Dashboard;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Footbridge.SystemTests.Demo;

/// <summary>An agent's day, done in the pages alone; also where pictures in docs/images come from.</summary>
/// <remarks><c>FOOTBRIDGE_SCREENSHOT=folder</c> writes agent-answer.png and agent-error.png there.</remarks>
public sealed class AgentDayTests : IAsyncLifetime
{
    private const string OnPhone = "on the phone";
    private const string InChatwoot = "in Chatwoot";

    /// <summary>Two layers, cream, and three cherries.</summary>
    private const string Cake = "color=0xfdf3e3:size=360x220"
        + ",drawbox=60:192:240:8:0xc9bba8:fill,drawbox=90:92:180:100:0x8a4b2a:fill,drawbox=90:84:180:16:0xfffaf5:fill,drawbox=90:136:180:10:0xfffaf5:fill"
        + ",drawbox=116:64:22:22:0xb3122a:fill,drawbox=169:64:22:22:0xb3122a:fill,drawbox=222:64:22:22:0xb3122a:fill";

    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(240));
    private SimulatorProgram _program = null!;
    private Visitor _visitor = null!;
    private Desk _desk = null!;
    private Uri _product = null!;

    public async ValueTask InitializeAsync()
    {
        Visitor.RequireBrowser();
        FfmpegTool.Require();
        _program = SimulatorProgram.Start("demo", "--product", SimulatorProgram.ProductFile, "--port", "0", "--product-port", "0");
        _visitor = await Visitor.OpenAsync(await _program.ReadAsync("Demo ", _timeout.Token), 1180, 960);
        _product = new(await _program.ReadAsync("Footbridge  ", _timeout.Token));
        _desk = Desk.At(await _visitor.Page.Context.NewPageAsync(), _product);
        await _visitor.TakePhoneOfAsync("Ana Ribeiro");
        await _visitor.OpenConversationAsync("Ana Ribeiro");
        await Expect(_visitor.InInbox("sourdough")).ToBeVisibleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_desk is not null) await _desk.DisposeAsync();
        if (_visitor is not null) await _visitor.DisposeAsync();
        if (_program is not null) await _program.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task An_agent_links_the_phone_answers_with_all_there_is_and_repairs_what_failed()
    {
        await LinkAnewAsync();
        await CustomerWritesAsync();
        await AgentAnswersAsync();
        await AnswerWhileStoppedAsync("The cake is in the oven.");
        await AnswerWhileStoppedAsync("Ready at noon.");
        await PictureAsync("agent-error.png");
        await RetryAsync();
        await ExamineAsync();
        _visitor.AssertNoComplaints();
        _desk.AssertNoComplaints();
    }

    private async Task LinkAnewAsync()
    {
        await _desk.LogInAsync("/dashboard/session/bakery", password: "demo");
        await _desk.PressAsync("Log out bakery");
        await _desk.ConfirmAsync("Log out");
        await Expect(_desk.Page.GetByAltText("QR code to link the phone")).ToBeVisibleAsync();
        await _visitor.PressAsync("Scan QR code");
        await StateAsync("WORKING");
    }

    private async Task CustomerWritesAsync()
    {
        await _visitor.WriteOnPhoneAsync("Could you make this cake for Saturday?");
        await _visitor.AttachAsync(OnPhone, "cake.jpg", "image/jpeg", await FfmpegTool.MakeAsync(Cake, "jpg", _timeout.Token, "-frames:v", "1"));
        await _visitor.WriteOnPhoneAsync("With cherries, like here");
        await AssertShownAsync(_visitor.InInbox("With cherries"));
        await _visitor.RecordAsync(OnPhone);
        await _visitor.Page.Keyboard.PressAsync("Enter");
        await AssertPlayableAsync(_visitor.Inbox);
    }

    private async Task AgentAnswersAsync()
    {
        await _visitor.QuoteAsync(_visitor.InInbox("With cherries"));
        await _visitor.WriteInInboxAsync("👍");
        await Expect(_visitor.OnPhone("With cherries").GetByLabel("Reactions: 👍")).ToBeVisibleAsync();

        await _visitor.Page.GetByLabel("Message in Chatwoot", new() { Exact = true }).FillAsync("Gladly! Our");
        await Expect(_visitor.Page.Locator("#phone-typing")).ToHaveTextAsync("typing…");
        await _visitor.AttachAsync(InChatwoot, "cakes.pdf", "application/pdf", "%PDF-1.4 price list"u8.ToArray());
        await _visitor.WriteInInboxAsync("Gladly! Our sizes and prices:");
        await Expect(_visitor.OnPhone("Gladly!").GetByRole(AriaRole.Link, new() { Name = "cakes.pdf" })).ToBeVisibleAsync();
        await Expect(_visitor.Page.Locator("#phone-typing")).ToHaveTextAsync("");

        // The account shows as online now, so WhatsApp tells it of the customer's typing.
        await _visitor.Page.GetByLabel("Message on the phone", new() { Exact = true }).FillAsync("Hm");
        await Expect(_visitor.Page.Locator("#inbox-typing")).ToHaveTextAsync("Ana Ribeiro is typing…");
        await _visitor.Page.GetByLabel("Message on the phone", new() { Exact = true }).FillAsync("");
        await Expect(_visitor.Page.Locator("#inbox-typing")).ToHaveTextAsync("");

        await _visitor.RecordAsync(InChatwoot);
        await _visitor.Page.Keyboard.PressAsync("Enter");
        await AssertPlayableAsync(_visitor.Phone.Locator(".theirs"));

        await _visitor.WriteInInboxAsync("It costs 5 euros");
        await Expect(_visitor.OnPhone("It costs 5 euros")).ToBeVisibleAsync();
        await _visitor.DeleteAsync(_visitor.InInbox("It costs 5 euros"));
        await Expect(_visitor.OnPhone("This message was deleted")).ToBeVisibleAsync();
        await Expect(_visitor.OnPhone("It costs 5 euros")).ToHaveCountAsync(0);
        await _visitor.WriteInInboxAsync("It costs 35 euros.");
        await Visitor.TicksAsync(_visitor.InInbox("It costs 35 euros."), "Read");
        await PictureAsync("agent-answer.png");
    }

    /// <summary>The session is stopped in the dashboard, and the message turns red with a note under it.</summary>
    private async Task AnswerWhileStoppedAsync(string text)
    {
        if (await _desk.Button("Stop bakery").IsVisibleAsync()) await _desk.PressAsync("Stop bakery");
        await StateAsync("STOPPED");
        await _visitor.WriteInInboxAsync(text);
        await Expect(Failed(text).GetByRole(AriaRole.Button, new() { Name = "Retry" })).ToBeVisibleAsync();
        await Expect(Note(text)).ToBeVisibleAsync();
    }

    /// <summary>One message by the agent's retry, the other on the page of its job, where the note's link leads.</summary>
    private async Task RetryAsync()
    {
        var page = await _visitor.Page.Context.RunAndWaitForPageAsync(() => Note("Ready at noon.").GetByRole(AriaRole.Link).ClickAsync());
        await using var job = Desk.At(page, _product);
        await job.LiveAsync();
        await Expect(page.Locator("#error + pre")).ToContainTextAsync("Session status is not as expected");

        await _desk.PressAsync("Start bakery");
        await StateAsync("WORKING");
        await Failed("The cake is in the oven.").GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
        await Expect(_visitor.OnPhone("The cake is in the oven.")).ToHaveCountAsync(1);
        await job.PressAsync("Retry");
        await Expect(_visitor.OnPhone("Ready at noon.")).ToHaveCountAsync(1);
        await Expect(_visitor.Inbox.Locator(".has-failed")).ToHaveCountAsync(0);
        job.AssertNoComplaints();
    }

    private async Task ExamineAsync()
    {
        await _desk.Page.GetByRole(AriaRole.Link, new() { Name = "connected" }).ClickAsync();
        await _desk.LiveAsync();
        await _desk.PressAsync("Examine");
        await Expect(_desk.Page.GetByText(" broken, at ")).ToBeVisibleAsync();
        var broken = await _desk.Page.Locator(".steps .failed").AllInnerTextsAsync();
        Assert.True(broken.Count == 0, string.Join("\n", broken));
        await Expect(_desk.Page.Locator(".steps li").Filter(new() { HasText = "Messages that wait for a decision" })).ToContainTextAsync("none");
    }

    private Task StateAsync(string status) => Expect(_desk.Page.GetByRole(AriaRole.Status, new() { Name = "State" })).ToHaveTextAsync(status);

    private ILocator Failed(string text) => _visitor.InInbox(text).Filter(new() { Has = _visitor.Page.Locator(".failure button") });

    private ILocator Note(string text) => _visitor.InInbox("could not be sent").Filter(new() { HasText = text });

    private static async Task AssertShownAsync(ILocator bubble)
    {
        var picture = bubble.Locator("img.file");
        await Expect(picture).ToBeVisibleAsync();
        await Expect(picture).ToHaveJSPropertyAsync("complete", true);
        Assert.NotEqual(0, await picture.EvaluateAsync<int>("picture => picture.naturalWidth"));
    }

    /// <summary>The browser knows how long the sound is: it can decode it.</summary>
    private static async Task AssertPlayableAsync(ILocator side)
    {
        var sound = side.Locator("audio").Last;
        await Expect(sound).ToBeVisibleAsync();
        await sound.EvaluateAsync("sound => sound.readyState > 0 || new Promise((ready, no) => { sound.onloadedmetadata = ready; sound.onerror = () => no(sound.error.message); })");
    }

    private async Task PictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("FOOTBRIDGE_SCREENSHOT") is not { Length: > 0 } folder) return;
        await _visitor.Page.Mouse.MoveAsync(0, 0);
        await _visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name) });
    }
}
