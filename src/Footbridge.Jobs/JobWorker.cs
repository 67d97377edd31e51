using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Footbridge.Jobs;

/// <summary>Runs jobs: one per lane at a time, many lanes at once. Idle, it waits for an event and for one timer; it never polls.</summary>
public sealed class JobWorker : IAsyncDisposable
{
    private static readonly TimeSpan RetryClaimAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestTimer = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);
    private readonly IJobStore _store;
    private readonly JobQueue _queue;
    private readonly JobRunner _runner;
    private readonly BulkSlots _bulk;
    private readonly JobWorkerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<string, JobRun> _running = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _stopped = new();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private Task _dispatching = Task.CompletedTask;
    private Task _caring = Task.CompletedTask;
    private Task? _stop;
    private int _free;
    private int _lookAgain;
    private bool _isRepaired;

    /// <param name="queue">Wakes this worker; must stand before the same store.</param>
    /// <param name="handlers">By queue. A job of a queue without a handler fails for good, saying so.</param>
    /// <param name="hooks">What else hears of a run's end.</param>
    public JobWorker(
        IJobStore store,
        JobQueue queue,
        IReadOnlyDictionary<string, JobHandler> handlers,
        JobHooks hooks,
        JobWorkerOptions options,
        TimeProvider time,
        ILogger logger)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Concurrency, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Lease, TimeSpan.FromMilliseconds(100));
        (_store, _queue, _options, _time, _logger) = (store, queue, options, time, logger);
        _runner = new JobRunner(store, handlers, hooks, time, logger) { Lease = options.Lease };
        _bulk = new BulkSlots(Math.Clamp(options.BulkConcurrency, 1, options.Concurrency));
        _free = options.Concurrency;
        _timer = time.CreateTimer(_ => Signal(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Begins to repair the store, and then to claim, as soon as the store can be reached.</summary>
    public void Start()
    {
        _queue.Woken += Signal;
        _store.Woken += Signal;
        _dispatching = Task.Run(DispatchAsync, CancellationToken.None);
        _caring = Task.WhenAll(Task.Run(RenewLoopAsync, CancellationToken.None), Task.Run(HousekeepAsync, CancellationToken.None));
        Signal();
    }

    /// <summary>Stops claiming, lets running jobs finish, cancels and hands back the rest; within 30 s by default.</summary>
    /// <param name="ct">Cancelled: running jobs are handed back at once.</param>
    public Task StopAsync(CancellationToken ct)
    {
        lock (_gate) return _stop ??= StopOnceAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        await _timer.DisposeAsync();
        _stopping.Dispose();
        _stopped.Dispose();
    }

    private void Signal() => _wake.Writer.TryWrite(true);

    private async Task StopOnceAsync(CancellationToken ct)
    {
        _queue.Woken -= Signal;
        _store.Woken -= Signal;
        await _stopping.CancelAsync();
        await _dispatching;
        if (Volatile.Read(ref _free) == _options.Concurrency) _drained.TrySetResult();
        if (!await DrainedWithinAsync(_options.StopGrace, ct))
        {
            foreach (var run in _running.Values) await run.HandBackAsync();
            if (!await DrainedWithinAsync(_options.StopCancel, CancellationToken.None)) await AbandonAsync();
        }

        await _stopped.CancelAsync();
        await _caring;
    }

    private async Task<bool> DrainedWithinAsync(TimeSpan limit, CancellationToken ct)
    {
        try
        {
            await _drained.Task.WaitAsync(limit, _time, ct);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    // Handlers that do not listen to their token: their jobs go back, and fencing discards what they still do.
    private async Task AbandonAsync()
    {
        foreach (var run in _running.Values)
        {
            await run.LoseAsync();
            try
            {
                await _store.ReleaseAsync(run.Job.Ticket, CancellationToken.None);
                _logger.JobHandedBack(run.Id, run.Queue);
            }
            catch (BrokerUnavailableException e)
            {
                _logger.HandBackFailed(e, run.Id, run.Queue);
            }
        }
    }

    private async Task DispatchAsync()
    {
        var ct = _stopping.Token;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await _wake.Reader.ReadAsync(ct);
                if (!_isRepaired) await TakeOverAsync(ct);
                if (await FillAsync(ct)) await ArmTimerAsync(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _logger.ClaimFailed(e, RetryClaimAfter.TotalSeconds);
                _timer.Change(RetryClaimAfter, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private async Task TakeOverAsync(CancellationToken ct)
    {
        if (_options.IsOnlyOfItsName) await _store.TakeBackAsync(_options.Name, ct);
        await RepairAsync(ct);
        _isRepaired = true;
    }

    private async Task RepairAsync(CancellationToken ct)
    {
        var mended = await _store.RepairAsync(ct);
        if (mended > 0) _logger.LanesRepaired(mended);
    }

    // True when slots are left over. When none are, the next one to come free looks again, and no timer is needed.
    private async Task<bool> FillAsync(CancellationToken ct)
    {
        while (FreeSlots() is > 0 and var free)
        {
            var bulk = _bulk.TakeUpTo(free);
            IReadOnlyList<ClaimedJob> jobs = [];
            try
            {
                jobs = await _store.ClaimAsync(_options.Name, new JobSlots(free, bulk), _options.Lease, ct);
            }
            finally
            {
                _bulk.Settle(asked: bulk, got: jobs.Count(job => job.Class == JobClass.Bulk), isFull: jobs.Count == free);
            }

            foreach (var job in jobs)
            {
                Interlocked.Decrement(ref _free);
                _ = Task.Run(() => RunLaneAsync(job), CancellationToken.None);
            }

            if (jobs.Count < free) return true;
        }

        return false;
    }

    // Asking to be signalled comes before the second look, so that a slot freed in between is not missed.
    private int FreeSlots()
    {
        var free = Volatile.Read(ref _free);
        if (free > 0) return free;
        Interlocked.Exchange(ref _lookAgain, 1);
        return Volatile.Read(ref _free);
    }

    private async Task ArmTimerAsync(CancellationToken ct)
    {
        var due = await _store.NextDueAsync(ct);
        if (due is null) return;
        var wait = due.Value - _time.GetUtcNow();
        if (wait <= TimeSpan.Zero)
        {
            Signal();
            return;
        }

        // At least the store's own resolution, or the last fraction of a millisecond would be spent spinning.
        if (wait < ShortestTimer) wait = ShortestTimer;
        _timer.Change(wait > LongestTimer ? LongestTimer : wait, Timeout.InfiniteTimeSpan);
    }

    private async Task RunLaneAsync(ClaimedJob first)
    {
        var job = first;
        var slot = new BulkSlot(_bulk, isHeld: first.Class == JobClass.Bulk);
        try
        {
            for (ClaimedJob? next = first; next is not null;)
            {
                job = next;
                var result = await RunOneAsync(job, slot);
                if (result.LaneFreed) Interlocked.Exchange(ref _lookAgain, 1);
                next = result.Next;
                if (slot.KeepFor(next)) Interlocked.Exchange(ref _lookAgain, 1);
            }
        }
        catch (Exception e)
        {
            _logger.SettleFailed(e, job.Id);
            slot.KeepFor(null);
            Interlocked.Exchange(ref _lookAgain, 1);
        }
        finally
        {
            var free = Interlocked.Increment(ref _free);
            if (Interlocked.Exchange(ref _lookAgain, 0) == 1) Signal();
            if (_stopping.IsCancellationRequested && free == _options.Concurrency) _drained.TrySetResult();
        }
    }

    private async Task<JobRunResult> RunOneAsync(ClaimedJob job, BulkSlot slot)
    {
        if (_stopping.IsCancellationRequested)
        {
            await _store.ReleaseAsync(job.Ticket, CancellationToken.None);
            return JobRunResult.Settled;
        }

        using var run = new JobRun(_store, job, _time.GetTimestamp());
        while (!_running.TryAdd(job.Id, run))
        {
            // The lease ran out under an earlier run in this very process: end it first, a lane never runs twice at once.
            if (!_running.TryGetValue(job.Id, out var earlier)) continue;
            await earlier.LoseAsync();
            await earlier.Ended;
        }

        try
        {
            return await _runner.RunAsync(run, () => NextClaim(slot));
        }
        finally
        {
            _running.TryRemove(job.Id, out _);
        }
    }

    private NextClaim? NextClaim(BulkSlot slot) =>
        _stopping.IsCancellationRequested ? null : new NextClaim(_options.Name, _options.Lease, slot.TryHold());

    private async Task RenewLoopAsync()
    {
        using var timer = new PeriodicTimer(_options.Lease / 3, _time);
        while (await TickAsync(timer))
        {
            JobRun[] runs = [.. _running.Values.Where(run => !run.IsLost)];
            if (runs.Length == 0) continue;
            try
            {
                await RenewAsync(runs);
            }
            catch (Exception e) when (!_stopped.IsCancellationRequested)
            {
                _logger.RenewFailed(e);
                await LoseStaleAsync(runs);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task RenewAsync(JobRun[] runs)
    {
        var began = _time.GetTimestamp();
        var renewal = _store.RenewAsync([.. runs.Select(run => run.Job.Ticket)], _options.Lease, _stopped.Token);
        var kept = await renewal.WaitAsync(_options.Lease / 3, _time, _stopped.Token);
        for (var i = 0; i < runs.Length; i++)
        {
            if (kept[i]) runs[i].RenewedAt = began;
            else await runs[i].LoseAsync();
        }
    }

    // Before the next chance to renew the lease may end, and somebody else may then run the job: two at once must not be.
    // What is only being settled goes on: fencing decides, and a broker that was away has given it to nobody.
    private async Task LoseStaleAsync(JobRun[] runs)
    {
        foreach (var run in runs)
        {
            if (!run.IsSettling && _time.GetElapsedTime(run.RenewedAt) + (_options.Lease / 3) > _options.Lease) await run.LoseAsync();
        }
    }

    private async Task HousekeepAsync()
    {
        using var timer = new PeriodicTimer(_options.Housekeeping, _time);
        while (await TickAsync(timer))
        {
            try
            {
                await RepairAsync(_stopped.Token);
                await _store.CleanAsync(JobState.Completed, _options.KeepCompletedFor, _options.KeepCompletedCount, _stopped.Token);
                await _store.CleanAsync(JobState.Failed, _options.KeepFailedFor, _options.KeepFailedCount, _stopped.Token);
                Signal();
            }
            catch (Exception e) when (!_stopped.IsCancellationRequested)
            {
                _logger.HousekeepingFailed(e);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<bool> TickAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_stopped.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
