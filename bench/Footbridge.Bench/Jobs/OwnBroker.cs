using System.Diagnostics;
using Footbridge.Jobs;
using Footbridge.Jobs.Redis;
using Footbridge.Jobs.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Footbridge.Bench.Jobs;

/// <summary>Our broker on one of its stores, in this process.</summary>
internal abstract class OwnBroker : IBrokerUnderTest
{
    private const int Callers = 200;
    private static readonly byte[] Payload = new byte[300];
    private static readonly JobPolicy Policy = new(3, TimeSpan.FromSeconds(1));
    private IJobStore _store = null!;
    private JobQueue _queue = null!;

    public abstract string Name { get; }

    public async Task OpenAsync()
    {
        _store = await OpenStoreAsync();
        _queue = new JobQueue(_store);
    }

    public Task EnqueueInBatchesAsync(int jobs, int lanes) => _queue.EnqueueManyAsync(Requests("batch", jobs, lanes), CancellationToken.None);

    public async Task EnqueueOneByOneAsync(int jobs, int lanes)
    {
        var (requests, next) = (Requests("one", jobs, lanes), -1);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var i && i < jobs) await _queue.EnqueueAsync(requests[i], CancellationToken.None);
        }));
    }

    public async Task DrainAsync(int jobs, int milliseconds)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = jobs;
        using var delay = new FixedDelay(TimeSpan.FromMilliseconds(milliseconds));
        await using var worker = Worker(async (_, _) =>
        {
            if (milliseconds > 0) await delay.WaitAsync();
            if (Interlocked.Decrement(ref left) == 0) done.SetResult();
        });
        worker.Start();
        await done.Task;
        await worker.StopAsync(CancellationToken.None);
    }

    public async Task<double[]> IdleAsync(int jobs)
    {
        var started = new TaskCompletionSource();
        await using var worker = Worker((_, _) =>
        {
            Volatile.Read(ref started).SetResult();
            return Task.CompletedTask;
        });
        worker.Start();
        var times = new double[jobs];
        for (var i = 0; i < jobs; i++)
        {
            started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var began = Stopwatch.GetTimestamp();
            await _queue.EnqueueAsync(new JobRequest($"idle-{i}", "bench", $"idle-{i}", Payload, Policy), CancellationToken.None);
            await started.Task;
            times[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }

        return times;
    }

    public async Task RestAsync(TimeSpan span)
    {
        await using var worker = Worker((_, _) => Task.CompletedTask);
        worker.Start();
        await Task.Delay(span, TimeProvider.System);
    }

    public Task<(TimeSpan Cpu, long Bytes)> CostAsync()
    {
        using var self = Process.GetCurrentProcess();
        return Task.FromResult((self.TotalProcessorTime, self.WorkingSet64));
    }

    public abstract ValueTask DisposeAsync();

    protected abstract Task<IJobStore> OpenStoreAsync();

    private static JobRequest[] Requests(string prefix, int count, int lanes) =>
        [.. Enumerable.Range(0, count).Select(i => new JobRequest($"{prefix}-{i}", "bench", $"lane-{i % lanes}", Payload, Policy))];

    private JobWorker Worker(JobHandler handler) => new(
        _store, _queue, new Dictionary<string, JobHandler> { ["bench"] = handler }, new JobHooks(), new JobWorkerOptions(), TimeProvider.System, NullLogger.Instance);
}

internal sealed class OwnBrokerOnSqlite(DirectoryInfo parent) : OwnBroker
{
    private readonly DirectoryInfo _folder = parent.CreateSubdirectory(Guid.NewGuid().ToString("N"));
    private SqliteDatabase? _database;

    public override string Name => "Footbridge, SQLite";

    public override async ValueTask DisposeAsync()
    {
        if (_database is not null) await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    protected override async Task<IJobStore> OpenStoreAsync()
    {
        _database = SqliteDatabase.Open(Path.Combine(_folder.FullName, "jobs.db"));
        return await SqliteJobStore.OpenAsync(_database, TimeProvider.System, null, CancellationToken.None);
    }
}

internal sealed class OwnBrokerOnRedis(BenchRedis redis) : OwnBroker
{
    private RedisConnection? _connection;
    private RedisJobStore? _store;

    public override string Name => "Footbridge, Redis";

    public override async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        if (_connection is not null) await _connection.DisposeAsync();
    }

    protected override async Task<IJobStore> OpenStoreAsync()
    {
        await redis.EmptyAsync();
        _connection = await RedisConnection.OpenAsync(RedisAddress.Parse(redis.Url), null, NullLogger.Instance, CancellationToken.None);
        _store = await RedisJobStore.OpenAsync(_connection, TimeProvider.System, null, NullLogger.Instance, CancellationToken.None);
        return _store;
    }
}
