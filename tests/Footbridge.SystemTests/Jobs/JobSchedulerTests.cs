using System.Threading.Channels;
using Footbridge.Jobs;
using Footbridge.Jobs.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Footbridge.SystemTests.Jobs;

public sealed class JobSchedulerTests : IAsyncLifetime
{
    private static readonly JobPolicy Policy = new(3, TimeSpan.FromSeconds(1));
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 3, 30, 16, 59, 0, TimeSpan.Zero));
    private readonly Channel<string> _ran = Channel.CreateUnbounded<string>();
    private SqliteDatabase _database = null!;
    private SqliteJobStore _store = null!;
    private JobQueue _queue = null!;
    private JobWorker _worker = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = SqliteDatabase.Open(_folder.File("jobs.db"));
        _store = await SqliteJobStore.OpenAsync(_database, _time, null, Ct);
        _queue = new JobQueue(_store);
        var handlers = new Dictionary<string, JobHandler> { ["tick"] = (job, ct) => _ran.Writer.WriteAsync(job.Id, ct).AsTask() };
        _worker = new(_store, _queue, handlers, new JobHooks(), new JobWorkerOptions(), _time, NullLogger.Instance);
        _worker.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task A_daily_job_runs_at_its_local_hour_also_when_the_clocks_change()
    {
        await using var scheduler = Scheduler();
        scheduler.Start();
        await _store.UpsertScheduleAsync(Schedule("daily", "0 0 17 * * *", "UTC"), Ct);
        await _store.UpsertScheduleAsync(Schedule("berlin", "0 17 * * *", "Europe/Berlin"), Ct);
        Assert.Equal("daily @ 2030-03-30T17:00:00Z", await NextAsync(TimeSpan.FromMinutes(1)));
        // Berlin goes over to summer time in this night: 17:00 there is 15:00 UTC now, and was 16:00 the day before.
        Assert.Equal("berlin @ 2030-03-31T15:00:00Z", await NextAsync(TimeSpan.FromHours(22)));
    }

    [Fact]
    public async Task Several_schedulers_fire_each_tick_once()
    {
        await _store.UpsertScheduleAsync(Schedule("second", "* * * * * *", "UTC"), Ct);
        await using var one = Scheduler();
        await using var two = Scheduler();
        one.Start();
        two.Start();
        for (var i = 1; i <= 5; i++) Assert.Equal($"second @ 2030-03-30T16:59:0{i}Z", await NextAsync(TimeSpan.Zero));
        Assert.False(_ran.Reader.TryRead(out var extra), extra);
    }

    [Fact]
    public async Task Ticks_missed_while_nobody_ran_are_made_up_for_by_the_latest_of_them()
    {
        await _store.UpsertScheduleAsync(Schedule("hourly", "0 0 * * * *", "UTC"), Ct);
        _time.Advance(TimeSpan.FromHours(50));
        await using var scheduler = Scheduler();
        scheduler.Start();
        Assert.Equal("hourly @ 2030-04-01T18:00:00Z", await NextAsync(TimeSpan.Zero));
        Assert.Equal("hourly @ 2030-04-01T19:00:00Z", await NextAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task A_removed_schedule_fires_no_more()
    {
        await using var scheduler = Scheduler();
        scheduler.Start();
        await _store.UpsertScheduleAsync(Schedule("a", "* * * * * *", "UTC"), Ct);
        await _store.UpsertScheduleAsync(Schedule("b", "30 * * * * *", "UTC"), Ct);
        Assert.Equal("a @ 2030-03-30T16:59:01Z", await NextAsync(TimeSpan.Zero));
        await _store.RemoveScheduleAsync("a", Ct);
        string id;
        do id = await NextAsync(TimeSpan.Zero);
        while (id == "a @ 2030-03-30T16:59:02Z"); // it may have been on its way
        Assert.Equal("b @ 2030-03-30T16:59:30Z", id);
        Assert.Equal("b @ 2030-03-30T17:00:30Z", await NextAsync(TimeSpan.FromSeconds(59)));
    }

    private static JobSchedule Schedule(string id, string cron, string zone) => new(id, cron, zone, "tick", $"lane {id}", Array.Empty<byte>(), Policy);

    private JobScheduler Scheduler() => new(_store, _queue, _time, NullLogger.Instance);

    // A scheduler sets its timer on a thread of its own, so after a jump fake time goes on in steps, with a moment of real time between them.
    private async Task<string> NextAsync(TimeSpan jump)
    {
        // A jump past the lease of a run that is not settled yet would have it run again.
        while ((await _store.OpenMonitor().QueuesAsync(Ct)).Any(queue => queue.Counts.GetValueOrDefault(JobState.Active) > 0)) await Task.Yield();
        _time.Advance(jump);
        var next = _ran.Reader.ReadAsync(Ct).AsTask();
        while (await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Ct)) != next)
        {
            Ct.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        return await next;
    }
}
