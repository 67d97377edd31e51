using System.Collections.Concurrent;
using System.Threading.Channels;
using Footbridge.Jobs;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Footbridge.SystemTests.Jobs;

/// <summary>What a worker does, on any store. A store joins by deriving a class, as in JobWorkerStores.cs.</summary>
public abstract class JobWorkerTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private IJobStore _store = null!;
    private IJobMonitor _monitor = null!;
    private JobQueue _queue = null!;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_store, _monitor) = await OpenAsync(_time);
        _queue = new JobQueue(_store);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<(IJobStore Store, IJobMonitor Monitor)> OpenAsync(TimeProvider time);

    protected abstract Task CloseAsync();

    /// <summary>Gives a running job to somebody else, behind the worker's back.</summary>
    protected abstract Task StealAsync(string id);

    [Fact]
    public async Task Every_lane_keeps_its_order_and_never_overlaps_while_many_run_at_once()
    {
        const int lanes = 40, each = 50;
        var seen = new ConcurrentDictionary<string, ConcurrentQueue<string>>();
        var inside = new ConcurrentDictionary<string, bool>();
        var (left, overlaps, done) = (lanes * each, 0, NewSignal());
        await using var worker = Worker(async (job, _) =>
        {
            if (!inside.TryAdd(job.Lane, true)) Interlocked.Increment(ref overlaps);
            await Task.Yield();
            seen.GetOrAdd(job.Lane, _ => new()).Enqueue(job.Id);
            inside.TryRemove(new KeyValuePair<string, bool>(job.Lane, true));
            if (Interlocked.Decrement(ref left) == 0) done.SetResult();
        });
        worker.Start();
        var requests = Enumerable.Range(0, each).SelectMany(n => Enumerable.Range(0, lanes).Select(lane => Job($"{lane}/{n}", $"lane {lane}"))).ToArray();
        await _queue.EnqueueManyAsync(requests, Ct);
        await done.Task.WaitAsync(Ct);
        Assert.Equal(0, overlaps);
        for (var lane = 0; lane < lanes; lane++) Assert.Equal(Enumerable.Range(0, each).Select(n => $"{lane}/{n}"), seen[$"lane {lane}"]);
    }

    [Fact]
    public async Task A_failed_run_is_told_before_the_lane_moves_on_and_the_last_one_is_final()
    {
        var told = Channel.CreateUnbounded<string>();
        await using var worker = Worker(
            (job, _) =>
            {
                told.Writer.TryWrite($"run {job.Id} {job.Attempt}");
                return job.Id == "a" ? throw new InvalidDataException("broken") : Task.CompletedTask;
            },
            async (job, error, isFinal, _) =>
            {
                await Task.Yield();
                told.Writer.TryWrite($"told {job.Id} {error.Message} {isFinal}");
            });
        worker.Start();
        await _queue.EnqueueManyAsync([Job("a"), Job("b")], Ct);
        Assert.Equal(["run a 1", "told a broken False", "run a 2", "told a broken False", "run a 3", "told a broken True", "run b 1"],
            await ReadWhileTimePassesAsync(told.Reader, 7));
    }

    [Fact]
    public async Task A_failure_handler_that_fails_is_kept_in_the_job_log_and_blocks_nothing()
    {
        var ran = Channel.CreateUnbounded<string>();
        await using var worker = Worker(
            (job, _) => ran.Writer.TryWrite(job.Id) && job.Id == "a" ? throw new PermanentJobException("no such number") : Task.CompletedTask,
            (_, _, _, _) => throw new InvalidDataException("cannot report"));
        worker.Start();
        await _queue.EnqueueManyAsync([Job("a"), Job("b")], Ct);
        Assert.Equal(["a", "b"], await ReadWhileTimePassesAsync(ran.Reader, 2));
        var job = (await _monitor.JobAsync("a", Ct))!;
        Assert.Equal((JobState.Failed, "no such number"), (job.Summary.State, job.Summary.Error));
        Assert.Contains("cannot report", Assert.Single(job.Log).Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_says_when_to_try_again_is_tried_then_and_uses_up_its_attempts()
    {
        var ran = Channel.CreateUnbounded<string>();
        var started = _time.GetUtcNow();
        await using var worker = Worker((job, _) =>
        {
            ran.Writer.TryWrite($"{job.Id} {job.Attempt} {_time.GetUtcNow() - started >= TimeSpan.FromSeconds(10) * (job.Attempt - 1)}");
            return job.Id == "a" ? throw new RetryInException(TimeSpan.FromSeconds(10), "busy") : Task.CompletedTask;
        });
        worker.Start();
        await _queue.EnqueueManyAsync([Job("a"), Job("b")], Ct);
        Assert.Equal(["a 1 True", "a 2 True", "a 3 True", "b 1 True"], await ReadWhileTimePassesAsync(ran.Reader, 4));
        Assert.Equal(JobState.Failed, (await _monitor.JobAsync("a", Ct))!.Summary.State);
    }

    [Fact]
    public async Task A_lane_told_to_wait_goes_on_in_order_by_itself_and_uses_no_attempt()
    {
        var ran = Channel.CreateUnbounded<string>();
        var isDown = 4;
        await using var worker = Worker((job, _) =>
        {
            ran.Writer.TryWrite($"{job.Id} {job.Attempt}");
            return Interlocked.Decrement(ref isDown) >= 0 ? throw new RetryAfterException(TimeSpan.FromMinutes(1), "away") : Task.CompletedTask;
        });
        worker.Start();
        await _queue.EnqueueManyAsync([Job("a"), Job("b")], Ct);
        Assert.Equal(["a 1", "a 1", "a 1", "a 1", "a 1", "b 1"], await ReadWhileTimePassesAsync(ran.Reader, 6));
    }

    [Fact]
    public async Task A_job_of_a_queue_without_a_handler_fails_and_says_so()
    {
        var told = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var worker = Worker((_, _) => Task.CompletedTask, (_, _, isFinal, _) => { told.SetResult(isFinal); return Task.CompletedTask; });
        worker.Start();
        await _queue.EnqueueAsync(Job("a") with { Queue = "unheard of" }, Ct);
        Assert.True(await told.Task.WaitAsync(Ct));
        await worker.StopAsync(Ct);
        Assert.Contains("unheard of", (await _monitor.JobAsync("a", Ct))!.Summary.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timeout_inside_a_handler_is_a_failure_like_any_other()
    {
        var told = NewSignal();
        await using var worker = Worker((_, _) => throw new TaskCanceledException("timed out"), (_, _, _, _) => { told.TrySetResult(); return Task.CompletedTask; });
        worker.Start();
        await _queue.EnqueueAsync(Job("a"), Ct);
        await told.Task.WaitAsync(Ct);
        await worker.StopAsync(Ct);
        Assert.Equal((JobState.Delayed, 1), await StateAsync("a"));
    }

    [Fact]
    public async Task A_lost_lease_cancels_the_handler_and_its_result_is_discarded()
    {
        var (started, cancelled) = (NewSignal(), NewSignal());
        await using var worker = Worker(async (_, ct) =>
        {
            started.SetResult();
            using var heard = ct.Register(cancelled.SetResult);
            await cancelled.Task;
        });
        worker.Start();
        await _queue.EnqueueAsync(Job("a"), Ct);
        await started.Task.WaitAsync(Ct);
        // Another owner's claim, as seen from this worker: the current token is a newer one.
        await StealAsync("a");
        await PassTimeUntilAsync(cancelled.Task);
        await worker.StopAsync(Ct);
        Assert.Equal((JobState.Active, 1), await StateAsync("a"));
    }

    [Fact]
    public async Task A_stop_lets_a_running_job_finish_and_claims_no_other()
    {
        var (started, finish) = (NewSignal(), NewSignal());
        await using var worker = Worker((_, _) => { started.SetResult(); return finish.Task; });
        worker.Start();
        await _queue.EnqueueManyAsync([Job("a"), Job("b")], Ct);
        await started.Task.WaitAsync(Ct);
        var stop = worker.StopAsync(Ct);
        Assert.False(stop.IsCompleted);
        finish.SetResult();
        await stop;
        Assert.Equal((JobState.Completed, 1), await StateAsync("a"));
        Assert.Equal((JobState.Waiting, 0), await StateAsync("b"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stop_hands_back_within_30_seconds_what_does_not_finish(bool listens)
    {
        var (started, never) = (NewSignal(), NewSignal());
        await using var worker = Worker((_, ct) => { started.SetResult(); return listens ? never.Task.WaitAsync(ct) : never.Task; });
        worker.Start();
        await _queue.EnqueueManyAsync([Job("a"), Job("b")], Ct);
        await started.Task.WaitAsync(Ct);
        var began = _time.GetUtcNow();
        var stop = worker.StopAsync(Ct);
        await PassTimeUntilAsync(stop);
        Assert.True(listens || _time.GetUtcNow() - began <= TimeSpan.FromSeconds(30));
        Assert.Equal((JobState.Waiting, 0), await StateAsync("a"));
        never.SetResult();
    }

    [Fact]
    public async Task A_failure_report_cut_off_by_a_stop_is_made_again_after_the_restart()
    {
        var (telling, never) = (NewSignal(), NewSignal());
        await using var worker = Worker(
            (_, _) => throw new PermanentJobException("no such number"),
            (_, _, _, ct) => { telling.SetResult(); return never.Task.WaitAsync(ct); });
        worker.Start();
        await _queue.EnqueueAsync(Job("a"), Ct);
        await telling.Task.WaitAsync(Ct);
        await PassTimeUntilAsync(worker.StopAsync(Ct));
        Assert.Equal((JobState.Waiting, 0), await StateAsync("a"));
    }

    [Fact]
    public async Task Two_workers_share_the_work_and_keep_every_lane_in_order()
    {
        var seen = new ConcurrentQueue<string>();
        var (left, done) = (600, NewSignal());
        Task RunAsync(JobContext job, CancellationToken ct)
        {
            seen.Enqueue(job.Id);
            if (Interlocked.Decrement(ref left) == 0) done.SetResult();
            return Task.CompletedTask;
        }

        await using var first = Worker(RunAsync);
        await using var second = Worker(RunAsync);
        first.Start();
        second.Start();
        await _queue.EnqueueManyAsync([.. Enumerable.Range(0, 600).Select(i => Job($"{i % 6}/{i:D4}", $"lane {i % 6}"))], Ct);
        await done.Task.WaitAsync(Ct);
        foreach (var lane in seen.GroupBy(id => id[0])) Assert.Equal(lane.Order(), lane);
        Assert.Equal(600, seen.Distinct().Count());
    }

    [Fact]
    public async Task An_import_takes_only_the_slots_set_aside_for_it_and_live_jobs_never_wait_for_it()
    {
        var (bulkInside, mostInside, left, done) = (0, 0, 200, NewSignal());
        var (go, live) = (new SemaphoreSlim(0), Channel.CreateUnbounded<string>());
        await using var worker = Worker(async (job, ct) =>
        {
            if (job.Class == JobClass.Live) await live.Writer.WriteAsync(job.Id, ct);
            else
            {
                lock (live) mostInside = Math.Max(mostInside, ++bulkInside);
                await go.WaitAsync(ct);
                lock (live) bulkInside--;
                if (Interlocked.Decrement(ref left) == 0) done.SetResult();
            }
        });
        worker.Start();
        await _queue.EnqueueManyAsync([.. Enumerable.Range(0, 200).Select(i => Job($"old {i}", $"import {i % 20}") with { Class = JobClass.Bulk })], Ct);
        for (var i = 0; i < 200; i++)
        {
            await _queue.EnqueueAsync(Job($"new {i}", $"chat {i % 4}"), Ct);
            Assert.Equal($"new {i}", await live.Reader.ReadAsync(Ct));
            go.Release();
        }

        await done.Task.WaitAsync(Ct);
        Assert.Equal(3, mostInside);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static JobRequest Job(string id, string lane = "lane") => new(id, "q", lane, new byte[] { 1 }, new JobPolicy(3, TimeSpan.FromSeconds(1)));

    private JobWorker Worker(JobHandler handler, JobFailureHandler? told = null) =>
        new(_store, _queue, new Dictionary<string, JobHandler> { ["q"] = handler }, new JobHooks { Failed = told }, new JobWorkerOptions { BulkConcurrency = 3 }, _time, NullLogger.Instance);

    private async Task<(JobState State, int Attempts)> StateAsync(string id)
    {
        var job = (await _monitor.JobAsync(id, Ct))!.Summary;
        return (job.State, job.Attempts);
    }

    private async Task<List<string>> ReadWhileTimePassesAsync(ChannelReader<string> reader, int count)
    {
        var lines = new List<string>();
        while (lines.Count < count)
        {
            var next = reader.ReadAsync(Ct).AsTask();
            await PassTimeUntilAsync(next);
            lines.Add(await next);
        }

        return lines;
    }

    // The worker arms its timers on its own threads, so fake time moves on in steps, with a moment of real time between them.
    private async Task PassTimeUntilAsync(Task task)
    {
        while (await Task.WhenAny(task, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Ct)) != task)
        {
            Ct.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromSeconds(0.5));
        }

        await task;
    }
}
