using System.Diagnostics;
using System.Globalization;
using Footbridge.Jobs;
using Footbridge.Jobs.Redis;
using Microsoft.Extensions.Logging.Abstractions;

namespace Footbridge.SystemTests.Jobs;

/// <summary>Several worker processes on one Redis; SIGKILL for them and for redis-server at seeded moments, while jobs keep coming.</summary>
public sealed class RedisCrashTests
{
    private const int ServerKills = 140;
    private const int WorkerKills = 60;
    private const int Lanes = 60;
    private const int Seats = 3;
    private const int OpenPerLane = 6;
    private const string UrlVariable = "FOOTBRIDGE_CRASH_REDIS";
    private const string JudgeVariable = "FOOTBRIDGE_CRASH_JUDGE";
    private const string KillAfterVariable = "FOOTBRIDGE_CRASH_KILL_AFTER_RUNS";
    private static readonly string ChildTest = $"{typeof(RedisCrashTests).FullName}.{nameof(A_worker_process_drains_what_it_finds)}";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    /// <summary>More kills than usual, or fewer, as a factor; they only take longer.</summary>
    private static readonly double Scale = double.Parse(Environment.GetEnvironmentVariable("FOOTBRIDGE_CRASH_SCALE") ?? "1", CultureInfo.InvariantCulture);

    private int _workerKills;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(20261124)]
    public async Task Kill_9_of_workers_and_of_redis_at_random_moments_loses_no_job_keeps_every_lane_in_order_and_leaves_none_stuck(int seed)
    {
        await using var server = await RedisServer.StartAsync("--appendfsync", "always", "--auto-aof-rewrite-min-size", "4mb");
        await using var judge = await CrashJudge.OpenAsync($"judge-{Guid.NewGuid():N}");
        await using var connection = await RedisConnection.OpenAsync(server.Address, null, NullLogger.Instance, Ct);
        await using var store = await RedisJobStore.OpenAsync(connection, TimeProvider.System, null, NullLogger.Instance, Ct);
        using var killed = new CancellationTokenSource();
        var producing = ProduceAsync(store, judge, killed.Token);
        var serverKills = KillServerAsync(server, judge, new Random(seed));
        var seats = Enumerable.Range(0, Seats).Select(seat => FillSeatAsync(server, judge, new Random(seed + 1 + seat), serverKills)).ToArray();
        await Task.WhenAll([serverKills, .. seats]).WaitAsync(Patience, TimeProvider.System, Ct);
        await killed.CancelAsync();
        var produced = await producing;
        Assert.Equal(0, await RunChildAsync(server, judge, killAfterRuns: 0));

        await judge.AssertAsync(Lanes, produced);
        Assert.Equal(0, await store.RepairAsync(Ct));
        await AssertListedOnceAsync(store.OpenMonitor(), produced * Lanes);
    }

    /// <summary>The board counts by an index of its own: one that has a job twice is told with that job's times.</summary>
    private static async Task AssertListedOnceAsync(IJobMonitor monitor, int jobs)
    {
        var listed = await monitor.JobsAsync(JobState.Completed, null, 0, jobs * 2, Ct);
        Assert.Empty(listed.CountBy(job => job.Id).Where(job => job.Value > 1).Select(job => string.Join(' ', listed.Where(other => other.Id == job.Key).Select(other => $"{other.Id} {other.Started:O} {other.Finished:O}"))));
        var queue = Assert.Single(await monitor.QueuesAsync(Ct));
        Assert.Equal(new Dictionary<JobState, long> { [JobState.Completed] = jobs }, queue.Counts);
    }

    /// <summary>Also the child of the test above, which then tells it where to work and perhaps when to die.</summary>
    [Fact]
    public async Task A_worker_process_drains_what_it_finds()
    {
        var url = Environment.GetEnvironmentVariable(UrlVariable);
        var killAfter = int.Parse(Environment.GetEnvironmentVariable(KillAfterVariable) ?? "0", CultureInfo.InvariantCulture);
        await using var server = url is null ? await RedisServer.StartAsync() : null;
        await using var judge = await CrashJudge.OpenAsync(Environment.GetEnvironmentVariable(JudgeVariable) ?? $"judge-{Guid.NewGuid():N}");
        await using var connection = await RedisConnection.OpenAsync(server?.Address ?? RedisAddress.Parse(url!), null, NullLogger.Instance, Ct);
        await using var store = await RedisJobStore.OpenAsync(connection, TimeProvider.System, null, NullLogger.Instance, Ct);
        if (server is not null) await EnqueueRowAsync(store, 0, Ct);
        await WorkAsync(store, judge, killAfter).WaitAsync(Patience, TimeProvider.System, Ct);
        if (server is not null) await judge.AssertAsync(Lanes, 1);
    }

    private static async Task WorkAsync(RedisJobStore store, CrashJudge judge, int killAfterRuns)
    {
        // Without finally blocks, flushes or goodbyes: Kill is SIGKILL. A few milliseconds later than the run that set it off.
        await using var bomb = new Timer(_ => Process.GetCurrentProcess().Kill());
        var runs = 0;
        var handlers = new Dictionary<string, JobHandler>
        {
            ["crash"] = async (job, ct) =>
            {
                if (Interlocked.Increment(ref runs) == killAfterRuns) bomb.Change(killAfterRuns % 6, Timeout.Infinite);
                var run = await judge.BeginAsync(job.Id, job.Runs);
                await Task.Delay(TimeSpan.FromMilliseconds(job.Id.Length % 5), TimeProvider.System, ct);
                if (job.Id.EndsWith('3') && job.Runs == 1) throw new RetryAfterException(TimeSpan.FromMilliseconds(20), "away");
                await judge.EndAsync(job.Id, run);
            },
        };
        var options = new JobWorkerOptions { Concurrency = 6, Lease = TimeSpan.FromSeconds(5) };
        await using var worker = new JobWorker(store, new JobQueue(store), handlers, new JobHooks(), options, TimeProvider.System, NullLogger.Instance);
        worker.Start();
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        while (await look.WaitForNextTickAsync(Ct))
        {
            // One that is to die waits for it, also when it happens to find nothing to do.
            if (killAfterRuns == 0 && (await store.OpenMonitor().QueuesAsync(Ct))[0].Counts.All(count => count.Key == JobState.Completed)) return;
        }
    }

    // As a ledger would: in order, each job naming the one before, again after every error, and old ones again now and then.
    private static async Task<int> ProduceAsync(RedisJobStore store, CrashJudge judge, CancellationToken stop)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        for (var row = 0; ; row++)
        {
            await EnqueueRowAsync(store, row, Ct);
            Assert.All(await EnqueueRowAsync(store, row / 2, Ct), result => Assert.Equal(JobEnqueued.Known, result));
            while (((row + 1) * Lanes) - await judge.EndedAsync() > Lanes * OpenPerLane)
            {
                if (stop.IsCancellationRequested) return row + 1;
                await look.WaitForNextTickAsync(Ct);
            }

            if (stop.IsCancellationRequested) return row + 1;
        }
    }

    private static async Task<IReadOnlyList<JobEnqueued>> EnqueueRowAsync(RedisJobStore store, int row, CancellationToken ct)
    {
        var jobs = Enumerable.Range(0, Lanes).Select(lane => new JobRequest(Id(lane, row), "crash", $"lane {lane}", new byte[100], new JobPolicy(3, TimeSpan.FromMilliseconds(5)))
        {
            After = row == 0 ? null : Id(lane, row - 1),
        });
        var results = await store.EnqueueAsync([.. jobs], ct);
        Assert.DoesNotContain(JobEnqueued.Gap, results);
        return results;
    }

    private static string Id(int lane, int row) => string.Create(CultureInfo.InvariantCulture, $"{lane}/{row}");

    private static async Task KillServerAsync(RedisServer server, CrashJudge judge, Random random)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        for (var kill = 0; kill < ServerKills * Scale; kill++)
        {
            var moment = await judge.EndedAsync() + random.Next(1, 60);
            while (await judge.EndedAsync() < moment) await look.WaitForNextTickAsync(Ct);
            await server.KillAsync();
            await server.StartAgainAsync();
        }
    }

    // The server's kills wait for work to be done, so somebody works until the last of them.
    private async Task FillSeatAsync(RedisServer server, CrashJudge judge, Random random, Task serverKills)
    {
        while (Interlocked.Increment(ref _workerKills) <= WorkerKills * Scale || !serverKills.IsCompleted) Assert.Equal(137, await RunChildAsync(server, judge, random.Next(1, 120)));
    }

    private static async Task<int> RunChildAsync(RedisServer server, CrashJudge judge, int killAfterRuns)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { typeof(RedisCrashTests).Assembly.Location, "--filter-method", ChildTest },
            RedirectStandardOutput = true,
            WorkingDirectory = server.Folder,
        };
        start.Environment[UrlVariable] = server.Address.ToString();
        start.Environment[JudgeVariable] = judge.Name;
        start.Environment[RedisServer.SharedVariable] = (await RedisServer.SharedAsync()).Address.ToString();
        start.Environment[KillAfterVariable] = killAfterRuns.ToString(CultureInfo.InvariantCulture);
        using var child = Process.Start(start)!;
        try
        {
            var output = await child.StandardOutput.ReadToEndAsync(Ct);
            await child.WaitForExitAsync(Ct);
            Assert.True(child.ExitCode is 0 or 137, output);
            return child.ExitCode;
        }
        finally
        {
            child.Kill();
        }
    }
}
