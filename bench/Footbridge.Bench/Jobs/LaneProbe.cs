using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Jobs.Redis;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Footbridge.Bench.Jobs;

/// <summary>40 chats x 50 jobs, come in bursts of five a chat, two worker processes; one is killed, then Redis. Counts what ran out of order and at the same time.</summary>
internal static class LaneProbe
{
    private const int Lanes = 40;
    private const int Each = 50;
    private const int Burst = 5;
    private const int LeaseMs = 5000;
    private const string Journal = "journal";

    public static async Task RunAsync()
    {
        Console.WriteLine();
        Console.WriteLine($"| {Lanes} chats x {Each} jobs, a worker and Redis killed | done | out of order | overlaps | seconds |");
        Console.WriteLine("|---|--:|--:|--:|--:|");
        Console.WriteLine(await ProbeAsync("BullMQ, Redis", ProduceForBullMqAsync, StartBullMqAsync));
        Console.WriteLine(await ProbeAsync("Footbridge, Redis", ProduceAsync, StartOwn));
    }

    /// <summary>A worker of ours in a process of its own; works until it is killed.</summary>
    public static async Task<int> WorkAsync(string[] args)
    {
        await using var judge = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{args[1]}");
        await using var connection = await RedisConnection.OpenAsync(RedisAddress.Parse(args[0]), null, NullLogger.Instance, CancellationToken.None);
        await using var store = await RedisJobStore.OpenAsync(connection, TimeProvider.System, null, NullLogger.Instance, CancellationToken.None);
        var runs = 0;
        var handlers = new Dictionary<string, JobHandler>
        {
            ["bench"] = async (job, ct) =>
            {
                var run = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}.{Interlocked.Increment(ref runs)}");
                await judge.GetDatabase().ListRightPushAsync(Journal, $"begin/{job.Id}/{run}");
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ct);
                await judge.GetDatabase().ListRightPushAsync(Journal, $"end/{job.Id}/{run}");
                await judge.GetDatabase().StringIncrementAsync(Journal + ":ended");
            },
        };
        var options = new JobWorkerOptions { Concurrency = 10, Lease = TimeSpan.FromMilliseconds(LeaseMs) };
        await using var worker = new JobWorker(store, new JobQueue(store), handlers, new JobHooks(), options, TimeProvider.System, NullLogger.Instance);
        await worker.StartAsync(CancellationToken.None);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
        return 0;
    }

    private static async Task<string> ProbeAsync(string name, Func<BenchRedis, Task> produce, Func<BenchRedis, BenchRedis, Task<IAsyncDisposable>> start)
    {
        await using var redis = await BenchRedis.StartAsync();
        await using var judge = await BenchRedis.StartAsync();
        await using var connection = await judge.ConnectAsync();
        var began = Stopwatch.GetTimestamp();
        await produce(redis);
        var victim = await start(redis, judge);
        await using var survivor = await start(redis, judge);
        await WaitAsync(connection, Lanes * Each / 4);
        await victim.DisposeAsync();
        await using var successor = await start(redis, judge);
        await WaitAsync(connection, Lanes * Each / 2);
        await redis.KillAsync();
        await redis.StartAgainAsync();
        await WaitUntilQuietAsync(connection);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return Judge(name, [.. (await connection.GetDatabase().ListRangeAsync(Journal)).Select(entry => entry.ToString().Split('/'))], seconds);
    }

    private static async Task WaitAsync(ConnectionMultiplexer judge, long ended)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        while ((long)await judge.GetDatabase().StringGetAsync(Journal + ":ended") < ended) await look.WaitForNextTickAsync();
    }

    // Done when every job has ended at least once, or when nothing has happened for four leases.
    private static async Task WaitUntilQuietAsync(ConnectionMultiplexer judge)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        var (last, since) = (-1L, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(since).TotalMilliseconds < 4 * LeaseMs)
        {
            await look.WaitForNextTickAsync();
            var length = await judge.GetDatabase().ListLengthAsync(Journal);
            if (length != last) (last, since) = (length, Stopwatch.GetTimestamp());
            if (length < 2 * Lanes * Each) continue;
            var ended = (await judge.GetDatabase().ListRangeAsync(Journal)).Select(entry => entry.ToString()).Where(entry => entry.StartsWith("end/", StringComparison.Ordinal));
            if (ended.Select(entry => entry[..entry.LastIndexOf('/')]).Distinct().Count() == Lanes * Each) return;
        }
    }

    private static string Judge(string name, string[][] entries, double seconds)
    {
        var (outOfOrder, overlaps) = (0, 0);
        foreach (var lane in entries.GroupBy(entry => entry[1]))
        {
            var (highest, running) = (-1, new HashSet<string>());
            var ended = lane.Where(entry => entry[0] == "end").Select(entry => entry[3]).ToHashSet();
            foreach (var entry in lane)
            {
                var number = int.Parse(entry[2], CultureInfo.InvariantCulture);
                if (entry[0] == "end")
                {
                    running.Remove(entry[3]);
                    // The same job once more, after a kill, is no disorder.
                    if (number < highest) outOfOrder++;
                    highest = Math.Max(highest, number);
                    continue;
                }

                // A run that was killed never ends, and overlaps with nothing.
                if (running.Any(ended.Contains)) overlaps++;
                running.Add(entry[3]);
            }
        }

        var done = entries.Where(entry => entry[0] == "end").Select(entry => $"{entry[1]}/{entry[2]}").Distinct().Count();
        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {done} of {Lanes * Each} | {outOfOrder} | {overlaps} | {seconds:F1} |");
    }

    private static async Task ProduceAsync(BenchRedis redis)
    {
        await using var connection = await RedisConnection.OpenAsync(RedisAddress.Parse(redis.Url), null, NullLogger.Instance, CancellationToken.None);
        await using var store = await RedisJobStore.OpenAsync(connection, TimeProvider.System, null, NullLogger.Instance, CancellationToken.None);
        var policy = new JobPolicy(3, TimeSpan.FromSeconds(1));
        for (var first = 0; first < Each; first += Burst)
        {
            var burst = Enumerable.Range(first, Burst).ToArray();
            var jobs = Enumerable.Range(0, Lanes).SelectMany(lane => burst.Select(n => new JobRequest($"{lane}/{n}", "bench", $"lane {lane}", new byte[300], policy)));
            await store.EnqueueAsync([.. jobs], CancellationToken.None);
        }
    }

    private static Task<IAsyncDisposable> StartOwn(BenchRedis redis, BenchRedis judge)
    {
        string[] args = [typeof(LaneProbe).Assembly.Location, "jobs-worker", redis.Url, judge.Port.ToString(CultureInfo.InvariantCulture)];
        return Task.FromResult<IAsyncDisposable>(new Victim(Process.Start(new ProcessStartInfo("dotnet", args))!));
    }

    private static async Task ProduceForBullMqAsync(BenchRedis redis)
    {
        await using var producer = BullMq.Start(redis);
        await producer.JoinAsync();
        await producer.RunAsync("produceLanes", new JsonObject { ["lanes"] = Lanes, ["each"] = Each, ["burst"] = Burst });
    }

    private static async Task<IAsyncDisposable> StartBullMqAsync(BenchRedis redis, BenchRedis judge)
    {
        var worker = BullMq.Start(redis, judge);
        await worker.RunAsync("workLanes", new JsonObject { ["name"] = Journal, ["lease"] = LeaseMs });
        return worker;
    }

    private sealed class Victim(Process process) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
