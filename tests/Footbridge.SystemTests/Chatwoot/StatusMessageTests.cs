using Footbridge.Simulator.Chatwoot.State;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>What the integration conversation tells of the session, and what can be said to it there.</summary>
public sealed class StatusMessageTests : ChatwootTest
{
    protected override async Task PrepareAsync()
    {
        await World.PostAsync("/api/sessions", new() { ["name"] = "shop", ["start"] = false }, 201, Ct);
        await World.ConnectChatwootAsync("shop", Ct);
    }

    [Fact]
    public async Task Linking_is_told_with_a_code_and_with_who_it_is()
    {
        await World.PostAsync("/api/sessions/shop/start", [], 201, Ct);
        var file = await SaidAsync(Integration, m => m.Files.Count > 0);
        Assert.Equal(("image/png", SimMessageType.Incoming), (file.Files[0].ContentType, file.Type));
        Assert.Equal("89504E47", Convert.ToHexString(file.Files[0].Bytes.AsSpan(0, 4)));
        Assert.Equal(SimMessageType.Activity, (await SaidAsync(Integration, "⚠️ Session \"shop\" is now SCAN_QR_CODE")).Type);
        await SaidAsync(Integration, "scan this QR code");
        var qr = await CallAsync("GET", "/api/shop/auth/qr?format=raw", null, 200);
        await Shop.PairAsync(qr!["value"]!.ToString(), Ct);
        var working = await SaidAsync(Integration, "linked and ready");
        Assert.Matches(@"^✅ WhatsApp is linked and ready\.\n\n📱 \*\*.+ \(5511900000099@c\.us\)\*\*$", working.Content!);
        await SaidAsync(Integration, "🟢 Session \"shop\" is now WORKING");
    }

    [Fact]
    public async Task Stopping_is_told_with_what_to_do()
    {
        await World.PostAsync("/api/sessions/shop/start", [], 201, Ct);
        await SaidAsync(Integration, m => m.Files.Count > 0);
        await Chatwoot.AgentReplyAsync(Integration.Id, "Stop");
        await SaidAsync(Integration, "⚠️ Session \"shop\" is now STOPPED");
        var text = await SaidAsync(Integration, "cannot exchange messages");
        Assert.EndsWith("scan again.\n\nSend **help** for the command list.", text.Content!, StringComparison.Ordinal);
        await Chatwoot.AgentReplyAsync(Integration.Id, "qr");
        await SaidAsync(Integration, "There is no QR code to scan now.");
        await Chatwoot.AgentReplyAsync(Integration.Id, "4");
        await Chatwoot.AgentReplyAsync(Integration.Id, "1");
        Assert.Equal("⚠️ **shop** is **STOPPED**\nAccount: 📱 **Unknown (No phone number)**", (await SaidAsync(Integration, "Account:")).Content);
        await Chatwoot.AgentReplyAsync(Integration.Id, "3");
        await World.WaitStatusAsync("shop", "SCAN_QR_CODE", Ct);
    }

    [Fact]
    public async Task A_code_can_be_asked_for_and_an_unknown_command_is_named()
    {
        await World.PostAsync("/api/sessions/shop/start", [], 201, Ct);
        await SaidAsync(Integration, m => m.Files.Count > 0);
        var before = Integration.Messages.Count(m => m.Files.Count > 0);
        await Chatwoot.AgentReplyAsync(Integration.Id, "**QR**");
        await Chatwoot.Store.WaitAsync(() => Integration.Messages.Count(m => m.Files.Count > 0) > before, Ct);
        await Chatwoot.AgentReplyAsync(Integration.Id, "logut");
        Assert.Equal("There is no command **logut**. Did you mean **logout**? Send **help** for the command list.", (await SaidAsync(Integration, "no command")).Content);
        await Chatwoot.AgentReplyAsync(Integration.Id, "wa/help");
        Assert.StartsWith("Control your WhatsApp integration", (await SaidAsync(Integration, "**logout** - ")).Content!, StringComparison.Ordinal);
    }
}
