using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Footbridge.Jobs;
using Footbridge.Jobs.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Footbridge.SystemTests.Jobs;

/// <summary>The test program starts itself as a child that works on the queue and kills itself with SIGKILL at a seeded moment.</summary>
public sealed class JobCrashTests
{
    private const int Lanes = 30;
    private const int Each = 40;
    private const int Concurrency = 15;
    private const string FolderVariable = "FOOTBRIDGE_CRASH_FOLDER";
    private const string KillAfterVariable = "FOOTBRIDGE_CRASH_KILL_AFTER_MS";
    private readonly TempFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Kill_9_at_random_moments_loses_no_job_keeps_every_lane_in_order_and_leaves_none_stuck(int seed)
    {
        var random = new Random(seed);
        var kills = 0;
        for (var round = 0; round < 6; round++)
        {
            if (await RunChildAsync(random.Next(5, 500)) != 0) kills++;
        }

        Assert.True(kills >= 3, $"only {kills} children were killed at work");
        Assert.Equal(0, await RunChildAsync(killAfterMs: null));
        await AssertAllDoneAsync();
        AssertOrder(kills);
    }

    [Fact(Explicit = true)]
    public async Task Child()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable);
        if (folder is null) return;
        // Without finally blocks, flushes or goodbyes: Kill is SIGKILL.
        var killAfter = Environment.GetEnvironmentVariable(KillAfterVariable);
        using var bomb = new Timer(_ => Process.GetCurrentProcess().Kill());
        await using var database = SqliteDatabase.Open(Path.Combine(folder, "jobs.db"));
        var store = await SqliteJobStore.OpenAsync(database, TimeProvider.System, null, Ct);
        if (!string.IsNullOrEmpty(killAfter)) bomb.Change(int.Parse(killAfter, CultureInfo.InvariantCulture), Timeout.Infinite);
        await WorkAsync(store, new SqliteJobMonitor(database, TimeProvider.System), Path.Combine(folder, "journal"));
    }

    private static async Task WorkAsync(SqliteJobStore store, SqliteJobMonitor monitor, string journalPath)
    {
        await using var journal = new FileStream(journalPath, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var (gate, queue, all) = (new Lock(), new JobQueue(store), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var failed = new ConcurrentDictionary<string, bool>();
        var handlers = new Dictionary<string, JobHandler>
        {
            ["crash"] = async (job, ct) =>
            {
                var number = int.Parse(job.Id.Split('/')[1], CultureInfo.InvariantCulture);
                await Task.Delay(TimeSpan.FromMilliseconds(number % 5), TimeProvider.System, ct);
                if (number % 7 == 3 && failed.TryAdd(job.Id, true)) throw new RetryAfterException(TimeSpan.FromMilliseconds(20), "away");
                lock (gate) journal.Write(System.Text.Encoding.UTF8.GetBytes($"{job.Id}\n"));
            },
        };
        await using var worker = new JobWorker(
            store, queue, handlers, null, new JobWorkerOptions { Concurrency = Concurrency }, TimeProvider.System, NullLogger.Instance);
        await worker.StartAsync(Ct);
        // Every start enqueues everything again, as a ledger would: what is known must stay single.
        for (var number = 0; number < Each; number++)
        {
            await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => queue.EnqueueAsync(
                new JobRequest($"{lane}/{number}", "crash", $"lane {lane}", new byte[100], new JobPolicy(3, TimeSpan.FromMilliseconds(5))), Ct)));
        }

        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (await look.WaitForNextTickAsync(Ct))
        {
            if ((await monitor.QueuesAsync(Ct))[0].Counts.All(count => count.Key == JobState.Completed)) return;
        }
    }

    private async Task<int> RunChildAsync(int? killAfterMs)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { typeof(JobCrashTests).Assembly.Location, "--explicit", "only", "--filter-method", $"{typeof(JobCrashTests).FullName}.{nameof(Child)}" },
            RedirectStandardOutput = true,
            WorkingDirectory = _folder.FullName,
        };
        start.Environment[FolderVariable] = _folder.FullName;
        start.Environment[KillAfterVariable] = killAfterMs?.ToString(CultureInfo.InvariantCulture) ?? "";
        using var child = Process.Start(start)!;
        var output = await child.StandardOutput.ReadToEndAsync(Ct);
        await child.WaitForExitAsync(Ct);
        Assert.True(child.ExitCode is 0 or 137, output);
        return child.ExitCode;
    }

    private async Task AssertAllDoneAsync()
    {
        await using var database = SqliteDatabase.Open(_folder.File("jobs.db"));
        var queue = Assert.Single(await new SqliteJobMonitor(database, TimeProvider.System).QueuesAsync(Ct));
        Assert.Equal(new Dictionary<JobState, long> { [JobState.Completed] = Lanes * Each }, queue.Counts);
    }

    private void AssertOrder(int kills)
    {
        var runs = File.ReadLines(_folder.File("journal")).Select(line => line.Split('/')).ToArray();
        foreach (var lane in runs.GroupBy(run => run[0], run => int.Parse(run[1], CultureInfo.InvariantCulture)))
        {
            var expected = 0;
            foreach (var number in lane)
            {
                // A job that was running at a kill may run once more, but never after a later one of its lane.
                Assert.InRange(number, Math.Max(0, expected - 1), expected);
                expected = number + 1;
            }

            Assert.Equal(Each, expected);
        }

        Assert.Equal(Lanes, runs.Select(run => run[0]).Distinct().Count());
        Assert.InRange(runs.Length, Lanes * Each, (Lanes * Each) + (kills * Concurrency));
    }
}
