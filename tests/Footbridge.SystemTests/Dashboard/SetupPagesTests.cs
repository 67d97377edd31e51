using System.Text.Json.Nodes;
using Footbridge.Server.Apps;
using Footbridge.Server.Config;
using Footbridge.Simulator.Chatwoot;
using Footbridge.SystemTests.Chatwoot;
using Footbridge.SystemTests.Demo;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Footbridge.SystemTests.Dashboard;

/// <summary>Setting up in a browser: a session, its phone, its inbox, and what is wrong with them.</summary>
public sealed class SetupPagesTests : ChatwootTest
{
    protected override Task PrepareAsync()
    {
        Visitor.RequireBrowser();
        return Task.CompletedTask;
    }

    // Chatwoot is told the public address, which a test knows only when the server is there.
    private protected override void Configure(Settings settings) => (settings.ProbePatience, settings.ViewerPassword) = (TimeSpan.FromSeconds(1), "viewer-password");

    [Fact]
    public async Task A_new_user_creates_a_session_scans_the_code_and_connects_the_inbox()
    {
        World.Part<Settings>().CallbackUrl = World.Product.Url.ToString().TrimEnd('/');
        await using var desk = await Desk.OpenAsync(World.Product.Url);
        await desk.LogInAsync("/dashboard");
        await Expect(desk.Page.GetByText("There is no session yet.")).ToBeVisibleAsync();
        await desk.Page.GetByLabel("Name").FillAsync("shop");
        await desk.PressAsync("Create session");
        await Expect(desk.Page.GetByAltText("QR code to link the phone")).ToBeVisibleAsync();
        await desk.PictureAsync("setup-link.png");
        await Shop.PairAsync(await QrAsync(), Ct);
        await Expect(desk.Page.GetByRole(AriaRole.Status, new() { Name = "State" })).ToHaveTextAsync("WORKING");
        await desk.Page.GetByRole(AriaRole.Link, new() { Name = "Connect Chatwoot" }).ClickAsync();
        await desk.Page.GetByLabel("ChatWoot URL").FillAsync(Chatwoot.BaseUrl.ToString());
        await desk.Page.GetByLabel("Account Token").FillAsync(ChatwootSimulator.Token);
        await desk.PressAsync("Connect");
        await Expect(desk.Page.GetByRole(AriaRole.Heading, new() { Name = "Connected" })).ToBeVisibleAsync();
        await Expect(desk.Page.Locator(".steps li").Filter(new() { HasText = "callback check" })).ToContainTextAsync("a callback arrived");
        await desk.PictureAsync("setup-connect.png");
        Assert.Equal("hello", (await AnaWritesAsync("hello")).Content);
        await StatusAsync(await Chatwoot.AgentReplyAsync(Chatwoot.ConversationOf(Customer)!.Id, "good day"), "delivered");
        desk.AssertNoComplaints();
    }

    [Fact]
    public async Task The_doctor_shows_what_is_broken_puts_it_right_and_the_app_is_disconnected()
    {
        await ConnectedAsync();
        Chatwoot.Store.RemoveAttribute(Chatwoot.Store.Attributes()[0]!["id"]!.GetValue<long>());
        await using var desk = await Desk.OpenAsync(World.Product.Url, 1120, 1000);
        await desk.LogInAsync("/dashboard/app/app_shop");
        await desk.PressAsync("Examine");
        var attributes = desk.Page.Locator(".steps li").Filter(new() { HasText = "Contact attributes" });
        await Expect(attributes).ToContainTextAsync("failed Contact attributes: not defined: waha_whatsapp_chat_id");
        await desk.PictureAsync("setup-doctor.png");
        await desk.PressAsync("Put right what can be");
        await Expect(attributes).ToContainTextAsync("fixed Contact attributes: all three are defined");
        await desk.PressAsync("Disconnect");
        await desk.ConfirmAsync("Disconnect");
        await Expect(desk.Page.GetByText("There is no app yet.")).ToBeVisibleAsync();
        Assert.StartsWith("🔌", Integration.Messages[^1].Content!, StringComparison.Ordinal);
        desk.AssertNoComplaints();
    }

    [Fact]
    public async Task Settings_are_kept_with_those_that_are_not_shown_and_mistakes_are_told()
    {
        await ConnectedAsync();
        await using var desk = await Desk.OpenAsync(World.Product.Url, 1120, 1400);
        await desk.LogInAsync("/dashboard/app/app_shop");
        await desk.Page.GetByLabel("Language overrides (YAML)").FillAsync("app.connected.message: \"Hello {{{name}}}\"");
        await desk.Page.GetByLabel("Queue commands").CheckAsync();
        await desk.PictureAsync("setup-app.png");
        await desk.PressAsync("Save");
        await Expect(desk.Page.GetByText("Saved", new() { Exact = true })).ToBeVisibleAsync();
        var config = (await CallAsync("GET", "/api/apps/app_shop", null, 200))!["config"]!;
        Assert.True(config["templates"]?["app.connected.message"] is not null, config.ToJsonString());
        Assert.Equal(
            ("Hello {{{name}}}", true, ChatwootSimulator.Token, ChatwootSimulator.InboxIdentifier),
            (config["templates"]!["app.connected.message"]!.ToString(), config["commands"]!["queue"]!.GetValue<bool>(), World.Part<AppRegistry>().Find("app_shop")!.Config["accountToken"]!.ToString(), config["inboxIdentifier"]!.ToString()));
        await desk.Page.GetByLabel("Other settings (JSON)").FillAsync("{");
        await desk.PressAsync("Save");
        await Expect(desk.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "this is no JSON" })).ToBeVisibleAsync();
        Assert.DoesNotContain(ChatwootSimulator.Token, await desk.Page.ContentAsync(), StringComparison.Ordinal);
        desk.AssertNoComplaints();
    }

    [Fact]
    public async Task The_link_for_the_phones_owner_needs_no_login_works_in_one_browser_and_dies_when_it_was_used()
    {
        await World.PostAsync("/api/sessions", new() { ["name"] = "shop" }, 201, Ct);
        await World.WaitStatusAsync("shop", "SCAN_QR_CODE", Ct);
        string address;
        await using (var desk = await Desk.OpenAsync(World.Product.Url))
        {
            await desk.LogInAsync("/dashboard/session/shop");
            await desk.PressAsync("Make a link");
            address = new Uri((await desk.Page.Locator("a[href*='/link/']").GetAttributeAsync("href"))!).AbsolutePath;
        }

        await using var owner = await Desk.OpenAsync(World.Product.Url, 420, 760);
        await owner.GoAsync(address);
        await Expect(owner.Page.Locator("#qr")).ToBeVisibleAsync();
        await owner.PictureAsync("setup-link-page.png");
        await using (var other = await Desk.OpenAsync(World.Product.Url))
        {
            await other.GoAsync(address);
            await Expect(other.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("has expired or was used");
        }

        await Shop.PairAsync(await QrAsync(), Ct);
        await Expect(owner.Page.Locator("#state")).ToContainTextAsync("Linked");
        owner.AssertNoComplaints();
        await owner.GoAsync(address);
        await Expect(owner.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("has expired or was used");
    }

    [Fact]
    public async Task An_account_with_a_passkey_is_linked_on_the_owners_page_and_a_refused_one_is_told_and_may_be_given_again()
    {
        using var passkey = Shop.AddPasskey();
        await World.PostAsync("/api/sessions", new() { ["name"] = "shop" }, 201, Ct);
        await World.WaitStatusAsync("shop", "SCAN_QR_CODE", Ct);
        var address = new Uri((await CallAsync("POST", "/api/sessions/shop/link", null, 201))!["url"]!.ToString()).AbsolutePath;
        await using var owner = await Desk.OpenAsync(World.Product.Url, 420, 900);
        await owner.GoAsync(address);
        await Expect(owner.Page.Locator("#qr")).ToBeVisibleAsync();
        var linking = Shop.PairAsync(await QrAsync(), Ct);
        await Expect(owner.Page.Locator("#state")).ToContainTextAsync("asks for the passkey");

        // The line for the browser's console has the challenge in it.
        var line = await owner.Page.Locator("#command").InputValueAsync();
        var challenge = line.Split("FromJSON(")[1].Split(')')[0];
        await GiveAsync("{ this is no JSON", "JSON");
        await GiveAsync(passkey.Sign(passkey.Options("AAAA")), "the assertion is an answer to another challenge");
        var forged = JsonNode.Parse(passkey.Sign(challenge))!;
        forged["response"]!["signature"] = JsonNode.Parse(passkey.Sign(challenge))!["response"]!["authenticatorData"]!.ToString();
        await GiveAsync(forged.ToJsonString(), "WhatsApp");
        await Expect(owner.Page.Locator("#state")).ToContainTextAsync("asks for the passkey");
        await GiveAsync(passkey.Sign(challenge), "");
        await linking;
        await Expect(owner.Page.Locator("#state")).ToContainTextAsync("Linked");

        async Task GiveAsync(string credential, string complaint)
        {
            await owner.Page.Locator("#credential").FillAsync(credential);
            await owner.Page.Locator("#answer button").ClickAsync();
            if (complaint.Length > 0) await Expect(owner.Page.Locator("#problem")).ToContainTextAsync(complaint);
        }
    }

    [Fact]
    public async Task Who_may_only_look_sees_no_code_and_no_settings()
    {
        await World.PostAsync("/api/sessions", new() { ["name"] = "shop" }, 201, Ct);
        await World.WaitStatusAsync("shop", "SCAN_QR_CODE", Ct);
        await using var desk = await Desk.OpenAsync(World.Product.Url);
        await desk.LogInAsync("/dashboard/session/shop", "viewer", "viewer-password");
        await Expect(desk.Page.GetByText("Linking a phone is for those who may act.")).ToBeVisibleAsync();
        await Expect(desk.Page.Locator("img.qr")).ToHaveCountAsync(0);
        await desk.GoAsync("/dashboard/connect");
        await Expect(desk.Page.GetByText("Connecting is for those who may act.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_becomes_of_calls_is_set_on_a_page_of_its_own()
    {
        await World.PostAsync("/api/sessions", new() { ["name"] = "shop", ["start"] = false }, 201, Ct);
        await using var desk = await Desk.OpenAsync(World.Product.Url);
        await desk.LogInAsync("/dashboard/calls/shop");
        await desk.Page.GetByLabel("Message: calls of one person").FillAsync("Please write to us here.");
        await desk.PressAsync("Save");
        await Expect(desk.Page.GetByText("Saved", new() { Exact = true })).ToBeVisibleAsync();
        var app = Assert.Single((await CallAsync("GET", "/api/apps?session=shop", null, 200))!.AsArray())!;
        Assert.Equal(("calls", true, "Please write to us here."), (app["app"]!.ToString(), app["config"]!["dm"]!["reject"]!.GetValue<bool>(), app["config"]!["dm"]!["message"]!.ToString()));
        await desk.Page.GetByLabel("Seconds before rejecting").First.FillAsync("soon");
        await desk.PressAsync("Save");
        await Expect(desk.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "waitBeforeDecline must be a number" })).ToBeVisibleAsync();
        desk.AssertNoComplaints();
    }

    private async Task ConnectedAsync()
    {
        await World.LinkAsync("shop", Shop, Ct);
        await World.ConnectChatwootAsync("shop", Ct);
    }

    private async Task<string> QrAsync() => (await CallAsync("GET", "/api/shop/auth/qr?format=raw", null, 200))!["value"]!.ToString();
}
