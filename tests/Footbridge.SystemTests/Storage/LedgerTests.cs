using System.Text.Json.Nodes;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Config;
using Footbridge.Server.Storage;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.SystemTests.Api;
using Footbridge.SystemTests.Chatwoot;
using Footbridge.SystemTests.Dashboard;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Footbridge.SystemTests.Storage;

/// <summary>What the ledger tells of messages, and what it does when the broker loses its memory.</summary>
public sealed class LedgerTests : ChatwootTest
{
    private protected override void Configure(Settings settings) => settings.Jobs.BackoffDelay = TimeSpan.FromMilliseconds(20);

    private T Part<T>() where T : notnull => World.Product.Services.GetRequiredService<T>();

    [Fact]
    public async Task A_customers_message_can_be_followed_by_its_whatsapp_id_its_chatwoot_id_and_its_job()
    {
        var message = await AnaWritesAsync("hello");
        var timeline = await SettledAsync(message.SourceId!);
        Assert.Equal("toChatwoot", timeline["direction"]!.ToString());
        Assert.Equal((message.ConversationId, message.Id), (timeline["conversation"]!.GetValue<long>(), timeline["cwId"]!.GetValue<long>()));
        Assert.Equal(["received", "queued", "delivered"], timeline["hops"]!.AsArray().Select(hop => hop!["stage"]!.ToString()));
        Assert.Equal($"posted as message {message.Id} in conversation {message.ConversationId}", timeline["hops"]!.AsArray().Last()!["text"]!.ToString());
        foreach (var id in new[] { $"{message.Id}", $"app_shop%2F{message.ConversationId}%2F{message.Id}", timeline["jobs"]![0]!["job"]!.ToString(), $"false_{Customer}@c.us_{message.SourceId}" })
        {
            Answers.Same(timeline.ToJsonString(), await CallAsync("GET", $"/api/apps/app_shop/messages/{id}/timeline", null, 200));
        }

        await CallAsync("GET", "/api/apps/app_shop/messages/nothing/timeline", null, 404);
        foreach (var text in new[] { message.SourceId!, $"{message.Id}", Customer, "+55 11 90000-0001", Ana.Lid.ToString(), $"app_shop/{message.ConversationId}", $"{Customer}@c.us" })
        {
            Assert.Contains(await Part<Deliveries>().SearchAsync(text, 10, Ct), row => row.WaId == message.SourceId);
        }
    }

    [Fact]
    public async Task An_answers_timeline_goes_from_the_callback_to_the_customers_reading_it()
    {
        var conversation = (await AnaWritesAsync("hello")).ConversationId;
        var answer = await Chatwoot.AgentReplyAsync(conversation, "hi");
        var shown = await Ana.Incoming.ReadAsync(Ct);
        Ana.MarkRead(shown);
        await StatusAsync(answer, "read");
        var timeline = await SettledAsync($"{answer}", until: $"READ: message {answer} is read");
        Assert.Equal("toWhatsApp", timeline["direction"]!.ToString());
        var texts = timeline["hops"]!.AsArray().Select(hop => hop!["text"]?.ToString()).ToList();
        Assert.Contains($"sent to WhatsApp as {shown.Id}", texts);
        Assert.Contains("as far as Chatwoot was told: READ", texts);
    }

    [Fact]
    public async Task Each_failed_try_and_the_wait_for_a_chatwoot_that_is_down_stand_in_the_timeline_once()
    {
        await AnaWritesAsync("first");
        var refused = 0;
        Chatwoot.Faults.OnRequest = request => request.Method == "POST" && Interlocked.Increment(ref refused) <= 4 ? new ChatwootFault.Status(503) : null;
        var message = await AnaWritesAsync("second");
        var hops = (await SettledAsync(message.SourceId!))["hops"]!.AsArray();
        Assert.Equal("Chatwoot answered 503", Assert.Single(hops, hop => hop!["stage"]!.ToString() == "waiting")!["text"]!.ToString());
        await World.PostAsync("/api/sessions/shop/stop", [], 201, Ct);
        var answer = await Chatwoot.AgentReplyAsync(message.ConversationId, "anybody?");
        await StatusAsync(answer, "failed");
        var failed = await SettledAsync($"{answer}");
        Assert.Equal("quarantined", failed["state"]!.ToString());
        Assert.Equal([1, 2, 3], failed["hops"]!.AsArray().Where(hop => hop!["stage"]!.ToString() == "attempt failed").Select(hop => hop!["attempt"]!.GetValue<int>()));
        var account = (await CallAsync("GET", "/api/apps/app_shop/reconciliation", null, 200))!["toWhatsApp"]!;
        Assert.Equal((1, 0, 0), (account["quarantined"]!.GetValue<int>(), account["pending"]!.GetValue<int>(), account["missing"]!.GetValue<int>()));
        Assert.Equal(answer, account["problems"]![0]!["cwId"]!.GetValue<long>());
    }

    [Fact]
    public async Task What_was_left_to_a_person_counts_as_delivered_when_the_agents_retry_has_sent_it()
    {
        var conversation = (await AnaWritesAsync("hello")).ConversationId;
        await World.PostAsync("/api/sessions/shop/stop", [], 201, Ct);
        var answer = await Chatwoot.AgentReplyAsync(conversation, "anybody?");
        await StatusAsync(answer, "failed");
        await SettledAsync($"{answer}");
        await World.PostAsync("/api/sessions/shop/start", [], 201, Ct);
        await World.WaitStatusAsync("shop", "WORKING", Ct);
        await Chatwoot.AgentRetryAsync(answer);
        Assert.Equal("anybody?", (await Ana.Incoming.ReadAsync(Ct)).Text);
        await SettledAsync($"{answer}", until: "sent by a later try");
        var account = (await CallAsync("GET", "/api/apps/app_shop/reconciliation", null, 200))!["toWhatsApp"]!;
        Assert.Equal((0, account["received"]!.GetValue<int>()), (account["quarantined"]!.GetValue<int>(), account["delivered"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_broker_that_is_wiped_gets_everything_again_in_order_from_the_ledger()
    {
        await AnaWritesAsync("first");
        Chatwoot.Faults.Down = new ChatwootFault.Status(503);
        var ids = Enumerable.Range(0, 10).Select(i => Ana.SendText(Shop.Number.User, $"{i}")).ToList();
        await World.PendingAsync(10, Ct);
        await World.WipeAsync(Ct);
        // The next one finds the gap.
        ids.Add(Ana.SendText(Shop.Number.User, "10"));
        await World.PendingAsync(11, Ct);
        Chatwoot.Faults.Down = null;
        await ArrivedAsync(ids[^1]);
        var messages = Chatwoot.MessagesOf(Chatwoot.ConversationOf(Customer)!).Where(m => m.Type == SimMessageType.Incoming).Skip(1);
        Assert.Equal(ids, messages.Select(m => m.SourceId));
        var hops = (await SettledAsync(ids[0]))["hops"]!.AsArray();
        Assert.Contains(hops, hop => hop!["stage"]!.ToString() == "enqueued again");
    }

    [Fact]
    public async Task What_a_wiped_broker_had_is_missing_until_the_next_comparison_and_then_delivered_once()
    {
        await AnaWritesAsync("first");
        Chatwoot.Faults.Down = new ChatwootFault.Status(503);
        var ids = Enumerable.Range(0, 5).Select(i => Ana.SendText(Shop.Number.User, $"{i}")).ToList();
        await World.PendingAsync(5, Ct);
        await World.WipeAsync(Ct);
        Assert.Equal(1, await Part<LedgerReconciler>().PassAsync(TimeSpan.Zero, Ct));
        Assert.Equal(0, await Part<LedgerReconciler>().PassAsync(TimeSpan.Zero, Ct));
        Chatwoot.Faults.Down = null;
        await ArrivedAsync(ids[^1]);
        await SettledAsync(ids[^1]);
        var report = await Part<Reconciliation>().ReportAsync("app_shop", DateTimeOffset.UnixEpoch, TimeProvider.System.GetUtcNow().AddHours(1), Ct);
        Assert.Equal((0, 0, report.ToChatwoot.Received), (report.ToChatwoot.Pending, report.ToChatwoot.Missing, report.ToChatwoot.Delivered));
        var messages = Chatwoot.MessagesOf(Chatwoot.ConversationOf(Customer)!).Where(m => m.Type == SimMessageType.Incoming).Skip(1);
        Assert.Equal(ids, messages.Select(m => m.SourceId));
    }

    [Theory]
    [InlineData("DELETE FROM jobs")] // accepted, and not yet in the broker
    [InlineData("UPDATE jobs SET state = 0")] // in the broker, and the ledger was not told; its job is the same one
    public async Task What_a_crash_cut_off_before_the_broker_had_it_is_delivered_once_after_the_next_start(string damage)
    {
        await AnaWritesAsync("first");
        Chatwoot.Faults.Down = new ChatwootFault.Status(503);
        var id = Ana.SendText(Shop.Number.User, "second");
        await World.PendingAsync(1, Ct);
        await RestartAsync(c =>
        {
            c.Execute(damage);
            c.Execute("DELETE FROM job_lanes");
            c.Execute("UPDATE deliveries SET queued = NULL WHERE state = 0");
        });
        Chatwoot.Faults.Down = null;
        await ArrivedAsync(id);
        Assert.Equal(["first", "second"], Chatwoot.MessagesOf(Chatwoot.ConversationOf(Customer)!).Where(m => m.Type == SimMessageType.Incoming).Select(m => m.Content));
    }

    [Fact]
    public async Task A_delivery_whose_end_a_crash_kept_from_being_written_is_settled_at_the_next_start_and_not_made_again()
    {
        var message = await AnaWritesAsync("once");
        await SettledAsync(message.SourceId!);
        await RestartAsync(c => c.Execute("UPDATE deliveries SET state = 0, settled = NULL, decision = NULL, payload = x'7b7d'"));
        var timeline = await SettledAsync(message.SourceId!);
        Assert.Equal("delivered", timeline["state"]!.ToString());
        Assert.Single(Chatwoot.MessagesOf(Chatwoot.ConversationOf(Customer)!));
    }

    [Fact]
    public async Task What_is_settled_keeps_no_text()
    {
        var message = await AnaWritesAsync("a secret");
        await SettledAsync(message.SourceId!);
        Assert.Equal(0, Part<SqliteDatabase>().Read(c => c.QueryFirst("SELECT COUNT(*) FROM deliveries WHERE payload IS NOT NULL AND wa_id = ?1", row => row.GetInt64(0), message.SourceId)));
    }

    /// <summary>Ends the product, changes what it finds at the next start, and starts it.</summary>
    private async Task RestartAsync(Action<SqliteConnection> damage)
    {
        await World.Product.DisposeAsync();
        await using (var database = SqliteDatabase.Open(Path.Combine(World.Folder, "footbridge.db"))) await database.WriteAsync(damage, Ct);
        await World.StartProductAsync(Ct);
        World.PointWebhook("shop");
    }

    /// <summary>The timeline once the message's own delivery has ended, and says a thing.</summary>
    private async Task<JsonObject> SettledAsync(string id, string until = "")
    {
        while (true)
        {
            await Part<Settlements>().FlushAsync();
            var (status, body) = await World.Api.CallAsync(HttpMethod.Get, $"/api/apps/app_shop/messages/{id}/timeline", null, Ct);
            if (status == 200 && body!["state"]!.ToString() != "pending" && body.ToJsonString().Contains(until, StringComparison.Ordinal)) return body.AsObject();
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
        }
    }
}
