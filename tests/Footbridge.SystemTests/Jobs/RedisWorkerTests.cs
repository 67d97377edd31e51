using Footbridge.Jobs;
using Footbridge.Jobs.Redis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Footbridge.SystemTests.Jobs;

/// <summary>What a worker does with its runs while Redis is away.</summary>
public sealed class RedisWorkerTests : RedisStoreTest
{
    // The store gives up at once, so that what the worker does about it shows.
    private static readonly RedisConnectionOptions Impatient = new() { Timeout = TimeSpan.FromMilliseconds(500), Patience = TimeSpan.Zero };

    [Fact]
    public async Task A_result_that_comes_while_the_server_is_away_is_kept_and_the_work_is_not_done_again()
    {
        var server = await StartServerAsync("--appendfsync", "always");
        var (store, logger) = (await OpenStoreAsync(server.Address, options: Impatient), new CollectingLogger());
        var (started, finish, runs) = (NewSignal(), NewSignal(), 0);
        await using var worker = Worker(store, Lease, logger, async (_, _) =>
        {
            Interlocked.Increment(ref runs);
            started.TrySetResult();
            await finish.Task;
        });
        worker.Start();
        await store.EnqueueAsync([Job("a")], Ct);
        await started.Task.WaitAsync(Ct);
        await server.KillAsync();
        finish.SetResult();
        await UntilAsync(() => Task.FromResult(logger.Lines.Any(line => line.Text.Contains("waits for the broker", StringComparison.Ordinal))));
        await server.StartAgainAsync();
        await UntilAsync(async () => await StandingAsync(store) == JobStanding.Completed);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task A_run_whose_lease_cannot_be_renewed_is_ended_before_another_may_begin()
    {
        var server = await StartServerAsync("--appendfsync", "always");
        var store = await OpenStoreAsync(server.Address, options: Impatient);
        var (started, ended) = (NewSignal(), NewSignal());
        await using var worker = Worker(store, TimeSpan.FromSeconds(2), NullLogger.Instance, async (job, ct) =>
        {
            if (job.Runs > 1) return;
            started.TrySetResult();
            using var heard = ct.Register(ended.SetResult);
            await ended.Task;
            ct.ThrowIfCancellationRequested();
        });
        worker.Start();
        await store.EnqueueAsync([Job("a")], Ct);
        await started.Task.WaitAsync(Ct);
        await server.KillAsync();
        await ended.Task.WaitAsync(Ct);
        await server.StartAgainAsync();
        await UntilAsync(async () => await StandingAsync(store) == JobStanding.Completed);
    }

    private static JobWorker Worker(RedisJobStore store, TimeSpan lease, ILogger logger, JobHandler handler) => new(
        store, new JobQueue(store), new Dictionary<string, JobHandler> { ["q"] = handler }, new JobHooks(), new JobWorkerOptions { Lease = lease },
        TimeProvider.System, logger);

    private static async Task<JobStanding?> StandingAsync(RedisJobStore store)
    {
        try
        {
            return (await store.StandingAsync(["a"], Ct))[0];
        }
        catch (BrokerUnavailableException)
        {
            return null; // not back yet
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (!await isSo()) await look.WaitForNextTickAsync(Ct);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
