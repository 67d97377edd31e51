using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Simulator.Chatwoot.State;
using Microsoft.Extensions.DependencyInjection;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Queues held and released from the conversation, and what the clock does for each app.</summary>
public sealed class QueueCommandTests : ChatwootTest
{
    private IJobStore Store => World.Product.Services.GetRequiredService<IJobStore>();

    protected override async Task PrepareAsync()
    {
        await World.LinkAsync("shop", Shop, Ct);
        await CallAsync("POST", "/api/apps", App(change: app => app["config"]!["commands"] = new JsonObject { ["server"] = true, ["queue"] = true }), 201);
        World.PointWebhook("shop");
    }

    [Fact]
    public async Task What_arrives_in_a_held_queue_is_carried_on_when_it_is_released()
    {
        await AnaWritesAsync("before");
        await Chatwoot.AgentReplyAsync(Integration.Id, "queue stop message.any");
        Assert.Equal(SimMessageType.Activity, (await SaidAsync(Integration, "Queues on hold")).Type);
        var waiting = Ana.SendText(Shop.Number.User, "while it was held");
        await Chatwoot.AgentReplyAsync(Integration.Id, "q status whatsapp");
        var status = await SaidAsync(Integration, "whatsapp | message.any");
        Assert.Equal(
            "- 🟢 whatsapp | call.accepted\n- 🟢 whatsapp | call.received\n- 🟢 whatsapp | call.rejected\n- 🟢 whatsapp | group.v2\n- 🟢 whatsapp | message.ack\n- 🟢 whatsapp | message.ack.group\n- ⚪ whatsapp | message.any\n"
            + "- 🟢 whatsapp | message.edited\n- 🟢 whatsapp | message.reaction\n- 🟢 whatsapp | message.revoked\n- 🟢 whatsapp | poll.vote\n- 🟢🔒 whatsapp | session.status",
            status.Content);
        Assert.DoesNotContain(Chatwoot.Store.Read((_, all) => all.Values.SelectMany(c => c.Messages).ToList()), m => m.SourceId == waiting);
        await Chatwoot.AgentReplyAsync(Integration.Id, "queue start all");
        Assert.Equal("while it was held", (await ArrivedAsync(waiting)).Content);
    }

    [Fact]
    public async Task Queues_without_which_nobody_would_hear_of_the_hold_are_never_held()
    {
        await Chatwoot.AgentReplyAsync(Integration.Id, "queue stop");
        await SaidAsync(Integration, "Queues on hold");
        await Chatwoot.AgentReplyAsync(Integration.Id, "queue status");
        var lines = (await SaidAsync(Integration, "scheduled | message.cleanup")).Content!.Split('\n');
        Assert.Equal(Queues.All.Count, lines.Length);
        Assert.All(lines, line => Assert.Equal(line.Contains("🔒", StringComparison.Ordinal), line.Contains("🟢", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_queue_nobody_knows_and_an_app_that_may_not_are_told_so()
    {
        await Chatwoot.AgentReplyAsync(Integration.Id, "queue stop everything");
        await SaidAsync(Integration, "There is no queue \"everything\".");
        await Chatwoot.AgentReplyAsync(Integration.Id, "help");
        await SaidAsync(Integration, "**queue** - queue actions");
        await CallAsync("PUT", "/api/apps/app_shop", App(), 200);
        await Chatwoot.AgentReplyAsync(Integration.Id, "queue stop inbox");
        await SaidAsync(Integration, "⛔ `queue` is switched off.");
        Assert.DoesNotContain(await World.Product.Services.GetRequiredService<IJobMonitor>().QueuesAsync(Ct), queue => queue.IsPaused);
    }

    [Fact]
    public async Task Each_enabled_app_has_its_schedule_and_loses_it_with_the_app()
    {
        var schedule = await ScheduleAsync(exists: true);
        Assert.Equal(("chatwoot.scheduled | message.cleanup | app_shop", "0 0 17 * * *", TimeZoneInfo.Local.Id), (schedule!.Id, schedule.Cron, schedule.TimeZone));
        await CallAsync("PUT", "/api/apps/app_shop", App(change: app => app["enabled"] = false), 200);
        await ScheduleAsync(exists: false);
        await CallAsync("PUT", "/api/apps/app_shop", App(), 200);
        await ScheduleAsync(exists: true);
        await CallAsync("DELETE", "/api/apps/app_shop", null, 200);
        await ScheduleAsync(exists: false);
    }

    [Fact]
    public async Task The_daily_job_runs_and_says_what_it_did()
    {
        var schedule = await ScheduleAsync(exists: true);
        Assert.True(await Store.FireAsync(schedule!.Id, DateTimeOffset.UnixEpoch, new("now", schedule.Queue, schedule.Lane, schedule.Payload, schedule.Policy), Ct));
        var monitor = World.Product.Services.GetRequiredService<IJobMonitor>();
        World.Product.Services.GetRequiredService<JobQueue>().Wake();
        while ((await monitor.JobAsync("now", Ct))!.Summary.State != JobState.Completed) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
        Assert.Equal("0 pairs of messages forgotten", Assert.Single((await monitor.JobAsync("now", Ct))!.Log).Line);
    }

    // Schedules follow the apps a moment later, on a loop of their own.
    private async Task<JobSchedule?> ScheduleAsync(bool exists)
    {
        while (true)
        {
            var schedules = await Store.SchedulesAsync(Ct);
            // Each app has two: of what is left over from old times, and of what changes in Chatwoot.
            if (schedules.Count == (exists ? 2 : 0)) return schedules.SingleOrDefault(state => state.Schedule.Queue == Queues.Cleanup)?.Schedule;
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
        }
    }
}
