using Footbridge.Jobs;

namespace Footbridge.SystemTests.Jobs;

public abstract partial class JobStoreCompliance
{
    private static JobSchedule Nightly => new("cleanup", "0 0 17 * * *", "Europe/Berlin", "scheduled | cleanup", "app/cleanup", new byte[] { 9 }, Three);

    [Fact]
    public async Task A_schedule_is_kept_across_a_restart_and_replaced_by_its_id()
    {
        var changes = 0;
        Store.SchedulesChanged += () => changes++;
        await Store.UpsertScheduleAsync(Nightly, Ct);
        Time.Advance(TimeSpan.FromHours(1));
        await Store.UpsertScheduleAsync(Nightly with { Cron = "0 30 3 * * *", Payload = new byte[] { 1, 2 } }, Ct);
        Assert.Equal(2, changes);
        await ReopenAsync();
        var kept = Assert.Single(await Store.SchedulesAsync(Ct));
        Assert.Equal(("cleanup", "0 30 3 * * *", "Europe/Berlin", "scheduled | cleanup", "app/cleanup"),
            (kept.Schedule.Id, kept.Schedule.Cron, kept.Schedule.TimeZone, kept.Schedule.Queue, kept.Schedule.Lane));
        Assert.Equal([1, 2], kept.Schedule.Payload.ToArray());
        Assert.Equal(Three, kept.Schedule.Policy);
        Assert.Equal((Time.GetUtcNow() - TimeSpan.FromHours(1), null), (kept.Created, kept.LastTick));
        Assert.True(await Store.RemoveScheduleAsync("cleanup", Ct));
        Assert.False(await Store.RemoveScheduleAsync("cleanup", Ct));
        Assert.Empty(await Store.SchedulesAsync(Ct));
    }

    [Theory]
    [InlineData("every day", "Europe/Berlin")]
    [InlineData("0 0 25 * * *", "Europe/Berlin")]
    [InlineData("0 0 17 * * *", "Europe/Atlantis")]
    public async Task A_schedule_that_cannot_be_read_is_refused(string cron, string zone)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.UpsertScheduleAsync(Nightly with { Cron = cron, TimeZone = zone }, Ct));
        Assert.Empty(await Store.SchedulesAsync(Ct));
    }

    [Fact]
    public async Task A_tick_is_fired_once_and_never_an_earlier_one_after_it()
    {
        await Store.UpsertScheduleAsync(Nightly, Ct);
        var tick = Time.GetUtcNow() + TimeSpan.FromHours(16);
        Assert.True(await Store.FireAsync("cleanup", tick, Job("tick 1"), Ct));
        Assert.False(await Store.FireAsync("cleanup", tick, Job("tick 1"), Ct));
        Assert.False(await Store.FireAsync("cleanup", tick - TimeSpan.FromDays(1), Job("tick 0"), Ct));
        await Store.UpsertScheduleAsync(Nightly with { Cron = "0 0 3 * * *" }, Ct);
        Assert.False(await Store.FireAsync("cleanup", tick, Job("tick 1b"), Ct));
        Assert.True(await Store.FireAsync("cleanup", tick + TimeSpan.FromDays(1), Job("tick 2"), Ct));
        Assert.False(await Store.FireAsync("no such schedule", tick, Job("tick 3"), Ct));
        Assert.Equal(tick + TimeSpan.FromDays(1), Assert.Single(await Store.SchedulesAsync(Ct)).LastTick);
        Assert.Equal(["tick 1", "tick 2"], await CompleteAllAsync());
    }

    [Fact]
    public async Task The_last_hour_is_counted_by_queue_and_minute()
    {
        await Store.EnqueueAsync([Job("a"), Job("b"), Job("c", "other", "q2")], Ct);
        await Store.CompleteAsync((await ClaimOneAsync()).Ticket, null, Ct);
        Time.Advance(TimeSpan.FromMinutes(10));
        foreach (var job in await ClaimAsync(10))
        {
            if (job.Id == "c") await Store.CompleteAsync(job.Ticket, null, Ct);
            else await FailAsync(job, JobFailureKind.Permanent);
        }

        Time.Advance(TimeSpan.FromMinutes(1));
        var rates = (await Monitor.RatesAsync(Ct)).ToDictionary(queue => queue.Queue);
        Assert.All(rates.Values, queue => Assert.Equal((60, 60), (queue.Completed.Count, queue.Failed.Count)));
        Assert.Equal((1, 48), (rates["q"].Completed.Sum(), rates["q"].Completed.ToList().IndexOf(1)));
        Assert.Equal((1, 58), (rates["q"].Failed.Sum(), rates["q"].Failed.ToList().IndexOf(1)));
        Assert.Equal((1, 58), (rates["q2"].Completed.Sum(), rates["q2"].Completed.ToList().IndexOf(1)));
        Time.Advance(TimeSpan.FromMinutes(60));
        Assert.All(await Monitor.RatesAsync(Ct), queue => Assert.Equal(0, queue.Completed.Sum() + queue.Failed.Sum()));
    }
}
