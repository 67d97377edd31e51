using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Commands as agents give them, one test for each; those about queues and imports have classes of their own.</summary>
public sealed class CommandTests : ChatwootTest
{
    private protected override void Configure(Settings settings) => settings.CommandPrefix = "bot/";

    [Fact]
    public async Task Status_tells_the_state_and_the_account()
    {
        await CommandAsync("1");
        Assert.StartsWith("🟢 **shop** is **WORKING**\nAccount: 📱 **", (await SaidAsync(Integration, "Account:")).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_and_start_are_answered_by_the_states_that_follow()
    {
        await CommandAsync("stop");
        await SaidAsync(Integration, "is now STOPPED");
        await CommandAsync("start");
        await World.WaitStatusAsync("shop", "WORKING", Ct);
    }

    [Fact]
    public async Task Restart_connects_again()
    {
        var leaving = World.Product.Services.GetRequiredService<SessionRegistry>().Find("shop")!.WaitAsync(status => status != "WORKING", TimeSpan.FromSeconds(20), Ct);
        await CommandAsync("restart");
        Assert.True(await leaving);
        await World.WaitStatusAsync("shop", "WORKING", Ct);
        await CommandAsync("status");
        await SaidAsync(Integration, "**WORKING**");
    }

    [Fact]
    public async Task Logout_unlinks_and_says_so()
    {
        await CommandAsync("logout");
        await SaidAsync(Integration, "✅ The account was unlinked.");
        await World.WaitStatusAsync("shop", "SCAN_QR_CODE", Ct);
        await CommandAsync("qr");
        await SaidAsync(Integration, m => m.Files is [{ Name: "qr.png" }]);
        await CommandAsync("7");
        await SaidAsync(Integration, m => m.Files is [{ Name: "screenshot.png" }]);
    }

    [Fact]
    public async Task Doctor_notes_what_is_broken_first_with_its_repair()
    {
        Chatwoot.Store.RemoveAttribute(Chatwoot.Store.Attributes()[0]!["id"]!.GetValue<long>());
        await CommandAsync("doctor");
        var note = await SaidAsync(Integration, "🩺 **Check of the connection to this inbox**");
        Assert.Equal((true, SimMessageType.Outgoing), (note.IsPrivate, note.Type));
        var marks = note.Content!.Split('\n').Where(line => line.StartsWith("- ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]).ToList();
        Assert.Equal(["❌", "⚠️", "✅"], marks.Distinct());
        Assert.Contains("- ❌ Contact attributes: not defined: waha_whatsapp_chat_id → Run the doctor with --fix", note.Content, StringComparison.Ordinal);
        Assert.Contains($"**{marks.Count(mark => mark == "✅")} fine, {marks.Count(mark => mark == "⚠️")} to look at, {marks.Count(mark => mark == "❌")} broken.**", note.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_offers_an_address_that_works_once_and_only_while_no_phone_is_linked()
    {
        await CommandAsync("link");
        Assert.True((await SaidAsync(Integration, "The account is linked already.")).IsPrivate);
        await CommandAsync("logout");
        await World.WaitStatusAsync("shop", "SCAN_QR_CODE", Ct);
        await CommandAsync("link");
        var note = await SaidAsync(Integration, "🔗 [Link the phone here](");
        Assert.True(note.IsPrivate);
        var path = new Uri(note.Content!.Split('(', ')')[1]).AbsolutePath;
        using var owner = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = World.Product.Url };
        Assert.Equal([System.Net.HttpStatusCode.OK, System.Net.HttpStatusCode.NotFound], [await OpenAsync(), await OpenAsync()]);

        async Task<System.Net.HttpStatusCode> OpenAsync()
        {
            using var answer = await owner.GetAsync(new Uri(path, UriKind.Relative), Ct);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_linked_session_has_no_code_and_nothing_to_take_a_picture_of()
    {
        await CommandAsync("qr");
        await SaidAsync(Integration, "There is no QR code to scan now.");
        await CommandAsync("screenshot");
        await SaidAsync(Integration, "`screenshot` could not be done.");
    }

    [Fact]
    public async Task Server_status_shows_version_and_state()
    {
        await CommandAsync("server status");
        var text = (await SaidAsync(Integration, "**Version**")).Content!;
        var blocks = text.Split("```json\n").Skip(1).Select(block => JsonNode.Parse(block[..block.IndexOf("```", StringComparison.Ordinal)])!).ToList();
        Assert.Equal(("2026.7.1", "footbridge"), (blocks[0]["version"]!.ToString(), blocks[1]["worker"]!["id"]!.ToString()));
    }

    [Fact]
    public async Task Server_reboot_is_announced_and_stops_the_process_once()
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        World.Product.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => stopping.TrySetResult());
        await CommandAsync("server reboot");
        await SaidAsync(Integration, "Server restart requested.");
        await stopping.Task.WaitAsync(Ct);
    }

    [Fact]
    public async Task Server_commands_that_are_switched_off_are_named()
    {
        await CallAsync("PUT", "/api/apps/app_shop", App(change: app => app["config"]!["commands"] = new JsonObject { ["server"] = false }), 200);
        await CommandAsync("server reboot");
        Assert.Equal("⛔ `server reboot` is switched off. Ask your admin; send **help** for what is available.", (await SaidAsync(Integration, "⛔")).Content);
        await CommandAsync("help");
        Assert.DoesNotContain("Server", (await SaidAsync(Integration, "**logout**")).Content!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_prefix_a_command_works_in_any_conversation_and_is_answered_by_a_note()
    {
        var conversation = Chatwoot.ConversationOf(Customer) ?? await HelloAsync();
        await Chatwoot.AgentReplyAsync(conversation.Id, "BOT/help");
        var note = await SaidAsync(conversation, "**bot/logout**");
        Assert.Equal((true, SimMessageType.Outgoing), (note.IsPrivate, note.Type));
        // Not a command here: the prefix is another.
        await Chatwoot.AgentReplyAsync(conversation.Id, "wa/ is our abbreviation");
        Assert.Equal("wa/ is our abbreviation", (await Ana.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task W_42_a_file_without_a_text_in_the_integration_conversation_gets_the_help()
    {
        await Chatwoot.AgentSendsAsync(Integration.Id, null, ("photo.png", "image/png", [1, 2, 3]));
        Assert.StartsWith("Control your WhatsApp integration", (await SaidAsync(Integration, "**logout**")).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_come_in_the_apps_language_with_the_apps_own_texts()
    {
        await CallAsync("PUT", "/api/apps/app_shop", App(change: app =>
        {
            app["config"]!["locale"] = "de-DE";
            app["config"]!["templates"] = new JsonObject { ["app.logout.success"] = "Tschüss!" };
        }), 200);
        await CommandAsync("messages cancel");
        Assert.Equal("ℹ️ Es läuft kein Import.", (await SaidAsync(Integration, "ℹ️")).Content);
        await CommandAsync("logout");
        await SaidAsync(Integration, "Tschüss!");
    }

    [Fact]
    public async Task W_26_a_command_whose_callback_comes_twice_is_carried_out_once()
    {
        var id = await Chatwoot.AgentReplyAsync(Integration.Id, "status");
        await SaidAsync(Integration, "Account:");
        var callback = Chatwoot.Webhooks.Deliveries.Single(d => d.Event == "message_created" && d.Body["id"]!.GetValue<long>() == id).Body;
        await CallbackAsync("app_shop", callback.ToJsonString());
        await CommandAsync("qr");
        await SaidAsync(Integration, "There is no QR code");
        Assert.Single(Chatwoot.MessagesOf(Integration), m => m.Content?.Contains("Account:", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task An_answer_that_chatwoot_took_and_did_not_confirm_is_not_said_again()
    {
        var cut = 0;
        Chatwoot.Faults.OnRequest = request => request.Method == "POST" && Interlocked.Exchange(ref cut, 1) == 0 ? new ChatwootFault.StatusAfterCommit(504) : null;
        await CommandAsync("status");
        var monitor = World.Product.Services.GetRequiredService<IJobMonitor>();
        while ((await monitor.JobsAsync(JobState.Completed, Queues.Commands, 0, 1, Ct)).Count == 0) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
        Assert.Single(Chatwoot.MessagesOf(Integration), m => m.Content?.Contains("Account:", StringComparison.Ordinal) == true);
    }

    private Task CommandAsync(string text) => Chatwoot.AgentReplyAsync(Integration.Id, text);

    private async Task<SimConversation> HelloAsync()
    {
        await AnaWritesAsync("hello");
        return Chatwoot.ConversationOf(Customer)!;
    }
}
