using System.Diagnostics;
using System.Globalization;
using Footbridge.Jobs;
using Footbridge.Jobs.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Footbridge.Bench.Jobs;

/// <summary>The embedded broker's rates with full job records and commits that are on disk.</summary>
internal static class JobsBench
{
    private const int Callers = 200;
    private static readonly byte[] Payload = new byte[300];
    private static readonly JobPolicy Policy = new(3, TimeSpan.FromSeconds(1));

    public static async Task<int> RunAsync(string[] args)
    {
        var jobs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
        var lanes = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 200;
        var folder = Directory.CreateDirectory(
            Path.Combine(args.Length > 1 ? args[1] : Path.GetTempPath(), $"footbridge-bench-{Environment.ProcessId}"));
        try
        {
            await using var database = SqliteDatabase.Open(Path.Combine(folder.FullName, "jobs.db"));
            var store = await SqliteJobStore.OpenAsync(database, TimeProvider.System, null, CancellationToken.None);
            var queue = new JobQueue(store);
            Console.WriteLine($"{jobs} jobs over {lanes} lanes, payload {Payload.Length} bytes, synchronous=FULL, {Environment.ProcessorCount} cores");
            await MeasureAsync("enqueue in batches of 500", jobs, () => queue.EnqueueManyAsync(Requests("batch", jobs, lanes), CancellationToken.None));
            await DrainAsync("drain, no-op handler, 50 at once", store, queue, jobs, (_, _) => Task.CompletedTask);
            await MeasureAsync("enqueue one by one, 200 callers", jobs / 2, () => CallersAsync(queue, Requests("one", jobs / 2, lanes)));
            await DrainAsync("drain, 5 ms handler, 50 at once", store, queue, jobs / 2, (_, ct) => Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ct));
            await IdleLatencyAsync(store, queue);
            Console.WriteLine($"memory: {Process.GetCurrentProcess().WorkingSet64 / 1024 / 1024} MB");
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static JobRequest[] Requests(string prefix, int count, int lanes) =>
        [.. Enumerable.Range(0, count).Select(i => new JobRequest($"{prefix}-{i}", "bench", $"lane-{i % lanes}", Payload, Policy))];

    private static async Task CallersAsync(JobQueue queue, JobRequest[] requests) =>
        await Task.WhenAll(requests.Chunk(requests.Length / Callers).Select(async part =>
        {
            foreach (var request in part) await queue.EnqueueAsync(request, CancellationToken.None);
        }));

    private static async Task DrainAsync(string name, IJobStore store, JobQueue queue, int jobs, JobHandler work)
    {
        var done = new TaskCompletionSource();
        var left = jobs;
        var handlers = new Dictionary<string, JobHandler>
        {
            ["bench"] = async (job, ct) =>
            {
                await work(job, ct);
                if (Interlocked.Decrement(ref left) == 0) done.SetResult();
            },
        };
        await using var worker = new JobWorker(store, queue, handlers, new JobHooks(), new JobWorkerOptions(), TimeProvider.System, NullLogger.Instance);
        await MeasureAsync(name, jobs, async () =>
        {
            await worker.StartAsync(CancellationToken.None);
            await done.Task;
            await worker.StopAsync(CancellationToken.None);
        });
    }

    private static async Task IdleLatencyAsync(IJobStore store, JobQueue queue)
    {
        var started = new TaskCompletionSource();
        var handlers = new Dictionary<string, JobHandler> { ["bench"] = (_, _) => { Volatile.Read(ref started).SetResult(); return Task.CompletedTask; } };
        await using var worker = new JobWorker(store, queue, handlers, new JobHooks(), new JobWorkerOptions(), TimeProvider.System, NullLogger.Instance);
        await worker.StartAsync(CancellationToken.None);
        var times = new List<double>();
        for (var i = 0; i < 500; i++)
        {
            started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var began = Stopwatch.GetTimestamp();
            await queue.EnqueueAsync(new JobRequest($"idle-{i}", "bench", $"idle-{i}", Payload, Policy), CancellationToken.None);
            await started.Task;
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }

        times.Sort();
        Console.WriteLine($"enqueue to handler when idle: p50 {times[250]:F1} ms, p99 {times[495]:F1} ms");
    }

    private static async Task MeasureAsync(string name, int count, Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Console.WriteLine($"{name}: {count / seconds:F0}/s ({seconds:F2} s)");
    }
}
