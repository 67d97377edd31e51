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
    private const int Kills = 30;
    private const string FolderVariable = "FOOTBRIDGE_CRASH_FOLDER";
    private const string KillAfterVariable = "FOOTBRIDGE_CRASH_KILL_AFTER_RUNS";
    private static readonly string ChildTest =
        $"{typeof(JobCrashTests).FullName}.{nameof(A_worker_left_alone_finishes_everything_within_10_seconds_of_its_start)}";

    private readonly TempFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Kill_9_at_random_moments_loses_no_job_keeps_every_lane_in_order_and_leaves_none_stuck(int seed)
    {
        var random = new Random(seed);
        // Few enough runs per child that work is left for every one of them.
        for (var round = 0; round < Kills; round++) Assert.Equal(137, await RunChildAsync(random.Next(1, 36)));
        Assert.Equal(0, await RunChildAsync(killAfterRuns: 0));
        await AssertAllDoneAsync();
        AssertOrder(_folder.File("journal"), mostRepeats: Kills * Concurrency);
    }

    /// <summary>Also the child of the test above, which then gives it a folder and perhaps a moment to die.</summary>
    [Fact]
    public async Task A_worker_left_alone_finishes_everything_within_10_seconds_of_its_start()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable) ?? _folder.FullName;
        var killAfter = Environment.GetEnvironmentVariable(KillAfterVariable);
        await using var database = SqliteDatabase.Open(Path.Combine(folder, "jobs.db"));
        var store = await SqliteJobStore.OpenAsync(database, TimeProvider.System, null, Ct);
        await WorkAsync(store, Path.Combine(folder, "journal"), killAfter is null ? 0 : int.Parse(killAfter, CultureInfo.InvariantCulture))
            .WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Ct);
        AssertOrder(Path.Combine(folder, "journal"), mostRepeats: Lanes * Each);
    }

    private static async Task WorkAsync(SqliteJobStore store, string journalPath, int killAfterRuns)
    {
        var monitor = store.OpenMonitor();
        // Without finally blocks, flushes or goodbyes: Kill is SIGKILL. A few milliseconds later than the run that set it off.
        await using var bomb = new Timer(_ => Process.GetCurrentProcess().Kill());
        var runs = 0;
        await using var journal = new FileStream(journalPath, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var (gate, queue, all) = (new Lock(), new JobQueue(store), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var failed = new ConcurrentDictionary<string, bool>();
        var handlers = new Dictionary<string, JobHandler>
        {
            ["crash"] = async (job, ct) =>
            {
                if (Interlocked.Increment(ref runs) == killAfterRuns) bomb.Change(killAfterRuns % 6, Timeout.Infinite);
                var number = int.Parse(job.Id.Split('/')[1], CultureInfo.InvariantCulture);
                await Task.Delay(TimeSpan.FromMilliseconds(number % 5), TimeProvider.System, ct);
                if (number % 7 == 3 && failed.TryAdd(job.Id, true)) throw new RetryAfterException(TimeSpan.FromMilliseconds(20), "away");
                lock (gate) journal.Write(System.Text.Encoding.UTF8.GetBytes($"{job.Id}\n"));
            },
        };
        await using var worker = new JobWorker(
            store, queue, handlers, new JobHooks(), new JobWorkerOptions { Concurrency = Concurrency }, TimeProvider.System, NullLogger.Instance);
        worker.Start();
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

    private async Task<int> RunChildAsync(int killAfterRuns)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { typeof(JobCrashTests).Assembly.Location, "--filter-method", ChildTest },
            RedirectStandardOutput = true,
            WorkingDirectory = _folder.FullName,
        };
        start.Environment[FolderVariable] = _folder.FullName;
        start.Environment[KillAfterVariable] = killAfterRuns.ToString(CultureInfo.InvariantCulture);
        using var child = Process.Start(start)!;
        var output = await child.StandardOutput.ReadToEndAsync(Ct);
        await child.WaitForExitAsync(Ct);
        Assert.True(child.ExitCode is 0 or 137, output);
        return child.ExitCode;
    }

    private async Task AssertAllDoneAsync()
    {
        await using var database = SqliteDatabase.Open(_folder.File("jobs.db"));
        var store = await SqliteJobStore.OpenAsync(database, TimeProvider.System, null, Ct);
        var queue = Assert.Single(await store.OpenMonitor().QueuesAsync(Ct));
        Assert.Equal(new Dictionary<JobState, long> { [JobState.Completed] = Lanes * Each }, queue.Counts);
    }

    private static void AssertOrder(string journal, int mostRepeats)
    {
        var runs = File.ReadLines(journal).Select(line => line.Split('/')).ToArray();
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
        Assert.InRange(runs.Length, Lanes * Each, (Lanes * Each) + mostRepeats);
    }
}
