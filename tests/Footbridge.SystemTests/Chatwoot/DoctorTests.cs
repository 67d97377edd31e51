using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Api.Apps;
using Footbridge.Server.Apps;
using Footbridge.Server.Apps.Chatwoot.Setup.Doctoring;
using Footbridge.Simulator.Chatwoot;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.SystemTests.Dashboard;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>The doctor: each thing that can be wrong is broken in the simulator, found with its repair, and found well again afterwards.</summary>
public sealed class DoctorTests : DoctorTest
{
    /// <summary>Broken like this, the check says so with a repair; put right by --fix (null) or like that, it is well again.</summary>
    private static readonly Dictionary<string, DoctorCase<DoctorTests>> Cases = new()
    {
        ["reachable"] = new(t => t.Chatwoot.Faults.Down = new ChatwootFault.Status(503), "Chatwoot answered 503", "Give the address of Chatwoot", t => t.Chatwoot.Faults.Down = null),
        ["clock"] = new(t => t.Chatwoot.Store.Account.ClockOffset = TimeSpan.FromMinutes(10), "signed callbacks are too old or too new", "NTP", t => t.Chatwoot.Store.Account.ClockOffset = TimeSpan.Zero),
        ["version"] = new(t => t.Chatwoot.Store.Account.Version = "4.1.0", "4.1.0 knows no delivery states", "Update Chatwoot", t => t.Chatwoot.Store.Account.Version = "4.15.1"),
        ["services"] = new(t => t.Chatwoot.Store.Account.QueueServices = "failing", "background jobs: failing, database: ok", "Sidekiq", t => t.Chatwoot.Store.Account.QueueServices = "ok"),
        ["tls"] = new(t => t.SetConfig("url", "https://" + t.World.WhatsApp.Media.Authority), "certificate", "SSL_CERT_FILE", t => t.SetConfig("url", t.Chatwoot.BaseUrl.ToString())),
        ["reachable: without a valid certificate"] = new(t => t.SetConfig("url", "https://" + t.World.WhatsApp.Media.Authority), "certificate", "SSL_CERT_FILE", t => t.SetConfig("url", t.Chatwoot.BaseUrl.ToString())),
        ["latency"] = new(t => t.Chatwoot.Faults.ResponseDelay = TimeSpan.FromSeconds(2.1), "ms", "CPU", t => t.Chatwoot.Faults.ResponseDelay = TimeSpan.Zero),
        ["token"] = new(t => t.Chatwoot.Store.Account.IsTokenRevoked = true, "does not accept the access token", "administrator", t => t.Chatwoot.Store.Account.IsTokenRevoked = false),
        ["role"] = new(t => t.SetConfig("accountToken", ChatwootSimulator.AgentToken), "'agent' may not", "administrator", t => t.SetConfig("accountToken", ChatwootSimulator.Token)),
        ["account"] = new(t => t.SetConfig("accountId", 5), "in no account 5", "Add the user", t => t.SetConfig("accountId", 1)),
        ["inbox"] = new(t => t.SetConfig("inboxId", 77), "no inbox 77", "Connect again", t => t.SetConfig("inboxId", t.Inbox)),
        ["inbox-type"] = new(t => t.SetConfig("inboxId", t.Chatwoot.Store.AddInbox("Mail", channel: "Channel::Email").Id), "Channel::Email", "type API", t => t.SetConfig("inboxId", t.Inbox)),
        ["identifier"] = new(t => t.SetConfig("inboxIdentifier", "another"), "that of another inbox", "Copy inboxIdentifier", t => t.SetConfig("inboxIdentifier", t.Chatwoot.Store.FindInbox(t.Inbox)!.Identifier)),
        ["members"] = new(t => t.Chatwoot.Store.FindInbox(t.Inbox)!.Members.Clear(), "nobody but administrators", "Add agents"),
        ["attributes"] = new(t => t.Chatwoot.Store.RemoveAttribute(t.Chatwoot.Store.Attributes()[1]!["id"]!.GetValue<long>()), "waha_whatsapp_jid", "--fix"),
        ["single-conversation"] = new(t => t.SetConfig("conversations", new JsonObject { ["sort"] = "created_newest", ["status"] = new JsonArray("open") }), "only those that are open", "conversations.status", t => t.SetConfig("conversations", null)),
        ["reply-window"] = new(t => t.Chatwoot.Store.FindInbox(t.Inbox)!.ReplyWindowHours = 24, "24 h", "agent_reply_time_window", t => t.Chatwoot.Store.FindInbox(t.Inbox)!.ReplyWindowHours = null),
        ["bot"] = new(t => t.Chatwoot.Store.FindInbox(t.Inbox)!.Bot = 4, "'Helper' gets every new", "Take the bot off", t => t.Chatwoot.Store.FindInbox(t.Inbox)!.Bot = null),
        ["automations"] = new(t => t.Chatwoot.Store.FindInbox(t.Inbox)!.Greets = true, "a greeting", "Turn them off", t => t.Chatwoot.Store.FindInbox(t.Inbox)!.Greets = false),
        ["account-webhooks"] = new(t => t.Chatwoot.Store.Account.Webhooks.Add(t.Chatwoot.Store.FindInbox(t.Inbox)!.WebhookUrl!), "everything comes twice", "Delete that webhook", t => t.Chatwoot.Store.Account.Webhooks.Clear()),
        ["callback-address"] = new(t => t.Chatwoot.Store.FindInbox(t.Inbox)!.WebhookUrl = new("https://elsewhere.example/secret-path"), "it leads to https://elsewhere.example", "run the doctor with --fix"),
        ["signature"] = new(t => t.Chatwoot.Store.FindInbox(t.Inbox)!.Secret = "another-secret-of-the-inbox", "it was changed in Chatwoot", "--fix") { Unlike = new(profile => !profile.Signs, "warning", "this inbox has none") },
        ["callback"] = new(t => t.BreakCallbacks(WebhookFault.Refused), "Failed to open TCP connection", "FOOTBRIDGE_CALLBACK_URL", t => t.Chatwoot.Faults.OnWebhook = null),
        ["private-address"] = new(t => t.BreakCallbacks(WebhookFault.Private), "4.14 and later", "SAFE_FETCH_ALLOW_PRIVATE_NETWORK", t => t.Chatwoot.Faults.OnWebhook = null) { Unlike = new(profile => profile.CallsPrivateAddresses, "ok", "this version of Chatwoot calls private addresses") },
        ["signature-mode"] = new(t => t.SetOwn("webhookSignature", "warn"), "though Chatwoot signs", "enforce") { Unlike = new(profile => !profile.Signs, "skipped", "there is no secret to check against") },
        ["paused-queues"] = new(t => t.World.Part<JobQueue>().PauseAsync("chatwoot.waha | message.any", t.Ct), "whatsapp | message.any", "queue start", t => t.World.Part<JobQueue>().ResumeAsync("chatwoot.waha | message.any", t.Ct)),
        ["session"] = new(t => t.CallAsync("POST", "/api/sessions/shop/stop", null, 201), "is stopped", "Start it", async t =>
        {
            await t.CallAsync("POST", "/api/sessions/shop/start", null, 201);
            await t.World.WaitStatusAsync("shop", "WORKING", t.Ct);
        }),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Fact]
    public async Task A_new_connection_is_well_in_more_than_twenty_five_respects()
    {
        var report = await ReportAsync("GET");
        Assert.True(report["ok"]!.GetValue<bool>(), report.ToJsonString());
        Assert.InRange(report["checks"]!.AsArray().Count, 40, 60);
        // What is not as it should be in a test: it has no public address, and a version that does not sign is an old one.
        string[] unsigned = Chatwoot.Store.Account.Signs ? [] : ["version", "signature", "signature-mode"];
        var notWell = report["checks"]!.AsArray().Where(check => check!["state"]!.ToString() != "ok").Select(check => check!["check"]!.ToString()).Except(["redis-eviction", "redis-persistence"]);
        Assert.Equal(unsigned.Append("public-address").Append("file-links").Order(StringComparer.Ordinal), notWell.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public Task What_is_broken_is_found_with_its_repair_and_well_again_after_it(string check) => IsFoundAndMendedAsync(check, Cases[check]);

    [Fact]
    public async Task Put_right_twice_the_second_time_changes_nothing()
    {
        var broken = Cases.Values.Where(check => check.Mend is null && check.Unlike?.Where(Chatwoot.Store.Account.Profile) != true).ToList();
        foreach (var check in broken) await check.Break(this);
        var before = (await ReportAsync("POST"))["summary"]!["fixed"]!.GetValue<int>();
        Assert.Equal(broken.Count, before);
        var (asked, config) = (Chatwoot.Requests.Entries.Count, World.Part<AppRegistry>().Find("app_shop")!.Config.ToJsonString());

        Assert.Equal(0, (await ReportAsync("POST"))["summary"]!["fixed"]!.GetValue<int>());
        Assert.All(Chatwoot.Requests.Entries.Skip(asked), entry => Assert.Equal("GET", entry.Method));
        Assert.Equal(config, World.Part<AppRegistry>().Find("app_shop")!.Config.ToJsonString());
    }

    [Fact]
    public async Task Every_check_is_called_by_its_name_in_the_language_of_the_app()
    {
        var english = Labels(await ReportAsync("GET"));
        Assert.All(english, label => Assert.False(label.Value.StartsWith("footbridge.", StringComparison.Ordinal), label.Value));
        await SetConfig("locale", "de-DE");
        var german = Labels(await ReportAsync("GET"));
        Assert.Equal("Callback-Adresse des Posteingangs", german["callback-address"]);
        Assert.Equal(["redis", "ffmpeg"], german.Where(label => english[label.Key] == label.Value).Select(label => label.Key));
    }

    [Fact]
    public async Task What_cannot_be_looked_at_says_because_of_what()
    {
        Chatwoot.Store.Account.IsTokenRevoked = true;
        var inbox = await LookAsync("GET", "callback");
        Assert.Equal(("skipped", "not looked at, because of: Callback address of the inbox"), (inbox["state"]!.ToString(), inbox["found"]!.ToString()));
        Assert.DoesNotContain(ChatwootSimulator.Token, (await ReportAsync("GET")).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_else_than_the_app_is_unknown_and_other_types_have_no_doctor() => await CallAsync("GET", "/api/apps/app_nobody/doctor", null, 404);

    [Fact]
    public async Task The_command_line_prints_the_same_and_says_by_its_code_whether_all_is_well()
    {
        Assert.Equal((0, true), await CommandAsync([], "FAIL", isThere: false));
        Chatwoot.Store.RemoveAttribute(Chatwoot.Store.Attributes()[0]!["id"]!.GetValue<long>());
        Assert.Equal((1, true), await CommandAsync(["shop"], "  FAIL  Contact attributes: not defined: waha_whatsapp_chat_id\n        → Run the doctor with --fix"));
        Assert.Equal((0, true), await CommandAsync(["shop", "--fix"], "  fixed Contact attributes: all three are defined"));
        Assert.Equal((2, true), await CommandAsync(["nobody"], "No ChatWoot app is called nobody"));
        Assert.Equal((2, true), await CommandAsync(["--unknown"], "usage: doctor"));
    }

    private static Dictionary<string, string> Labels(JsonObject report) => report["checks"]!.AsArray().ToDictionary(check => check!["check"]!.ToString(), check => check!["label"]!.ToString());

    private async Task<(int Code, bool Says)> CommandAsync(string[] arguments, string text, bool isThere = true)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var code = await DoctorCommand.RunAsync([.. arguments, "--url", World.Product.Url.ToString()], World.Settings(), null, output, Ct);
        var says = output.ToString().Contains(text, StringComparison.Ordinal) == isThere;
        Assert.True(says, output.ToString());
        return (code, says);
    }

    private void BreakCallbacks(WebhookFault fault)
    {
        Chatwoot.Faults.OnWebhook = _ => fault;
        World.Part<Footbridge.Server.Apps.Chatwoot.Setup.CallbackWatch>().Forget("app_shop");
    }
}
