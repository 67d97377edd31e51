using Footbridge.Jobs;
using Microsoft.Extensions.Time.Testing;

namespace Footbridge.SystemTests.Jobs;

/// <summary>What every broker store must do. A store joins by deriving a class that opens and closes it.</summary>
public abstract partial class JobStoreCompliance : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly JobPolicy Three = new(3, TimeSpan.FromSeconds(1));

    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IJobStore Store { get; set; } = null!;

    private IJobMonitor Monitor { get; set; } = null!;

    public async ValueTask InitializeAsync() => (Store, Monitor) = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whether one process owns the store, so that whatever ran when it was closed has no owner any more.</summary>
    protected virtual bool OwnersDieWithTheStore => true;

    /// <summary>Opens the store of this test, the same one at every call.</summary>
    protected abstract Task<(IJobStore Store, IJobMonitor Monitor)> OpenAsync();

    /// <summary>Closes it as a process exit would.</summary>
    protected abstract Task CloseAsync();

    [Fact]
    public async Task A_job_comes_back_from_a_claim_as_it_was_enqueued()
    {
        var policy = new JobPolicy(4, TimeSpan.FromMilliseconds(1500)) { MaxDelay = TimeSpan.FromMinutes(5), RetryAfterLimit = TimeSpan.FromHours(3) };
        await Store.EnqueueAsync([new JobRequest("one", "q", "lane", new byte[] { 1, 2, 3 }, policy)], Ct);
        var job = await ClaimOneAsync();
        Assert.Equal(("one", "q", "lane", 1, 4), (job.Id, job.Queue, job.Lane, job.Attempt, job.AttemptsAllowed));
        Assert.Equal([1, 2, 3], job.Payload.ToArray());
        Assert.Equal(policy, job.Policy);
        Assert.Equal((Time.GetUtcNow(), Time.GetUtcNow()), (job.Created, job.FirstStarted));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(3_000_000)]
    public async Task A_payload_of_any_size_comes_back_whole(int size)
    {
        var payload = new byte[size];
        new Random(size).NextBytes(payload);
        await Store.EnqueueAsync([new JobRequest("one", "q", "lane", payload, Three)], Ct);
        Assert.Equal(payload, (await ClaimOneAsync()).Payload.ToArray());
        Assert.Equal(payload, (await Monitor.JobAsync("one", Ct))!.Payload.ToArray());
    }

    [Fact]
    public async Task A_known_id_is_a_success_that_changes_nothing()
    {
        Assert.Equal([JobEnqueued.Added, JobEnqueued.Known, JobEnqueued.Added], await Store.EnqueueAsync([Job("a"), Job("a"), Job("b")], Ct));
        Assert.Equal([JobEnqueued.Known], await Store.EnqueueAsync([Job("a", lane: "other", queue: "other")], Ct));
        await CompleteAllAsync();
        Assert.Equal([JobEnqueued.Known], await Store.EnqueueAsync([Job("a")], Ct));
        Assert.Empty(await ClaimAsync(10));
    }

    [Fact]
    public async Task A_bad_request_enqueues_nothing_of_its_batch()
    {
        foreach (var name in new[] { "", new string('x', JobRequest.MaxNameLength + 1), "a\0b", "a\nb" })
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.EnqueueAsync([Job("a"), Job(name)], Ct));
            await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.EnqueueAsync([Job("a"), Job("b", lane: name)], Ct));
            await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.EnqueueAsync([Job("a"), Job("b", queue: name)], Ct));
        }

        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.EnqueueAsync([Job("a"), Job("b") with { Policy = new(0, TimeSpan.Zero) }], Ct));
        await Assert.ThrowsAnyAsync<ArgumentException>(
            () => Store.EnqueueAsync([Job("a"), Job("b") with { Payload = new byte[JobRequest.MaxPayloadBytes + 1] }], Ct));
        Assert.Empty(await ClaimAsync(10));
    }

    [Fact]
    public async Task Jobs_of_one_lane_run_one_at_a_time_in_order_whatever_their_queue()
    {
        await Store.EnqueueAsync([Job("a", queue: "message"), Job("b", queue: "edit"), Job("c", queue: "message")], Ct);
        Assert.Equal(["a", "b", "c"], await CompleteAllAsync());
    }

    [Fact]
    public async Task Lanes_run_beside_each_other_but_never_twice_each()
    {
        await Store.EnqueueAsync([Job("a1", "a"), Job("a2", "a"), Job("b1", "b"), Job("c1", "c")], Ct);
        Assert.Equal(["a1", "b1", "c1"], (await ClaimAsync(10)).Select(job => job.Id));
        Assert.Empty(await ClaimAsync(10));
    }

    [Fact]
    public async Task A_busy_lane_does_not_starve_the_others()
    {
        await Store.EnqueueAsync([Job("a1", "a"), Job("a2", "a"), Job("a3", "a"), Job("b1", "b"), Job("b2", "b")], Ct);
        Assert.Equal(["a1", "b1", "a2", "b2", "a3"], await CompleteAllAsync());
    }

    [Fact]
    public async Task Completing_takes_the_next_job_in_the_same_trip()
    {
        await Store.EnqueueAsync([Job("a"), Job("b")], Ct);
        var done = await Store.CompleteAsync((await ClaimOneAsync()).Ticket, new NextClaim("w", Lease), Ct);
        Assert.True(done.Accepted);
        Assert.Equal("b", done.Next?.Id);
        Assert.Null((await Store.CompleteAsync(done.Next!.Ticket, new NextClaim("w", Lease), Ct)).Next);
    }

    [Fact]
    public async Task A_failing_head_holds_its_own_lane_and_doubles_its_wait()
    {
        await Store.EnqueueAsync([Job("a1", "a"), Job("a2", "a"), Job("b1", "b")], Ct);
        var jobs = await ClaimAsync(2);
        Assert.Equal(JobFailureResult.WillRetry, await FailAsync(jobs[0]));
        await Store.CompleteAsync(jobs[1].Ticket, null, Ct);
        Assert.Empty(await ClaimAsync(10));
        Assert.Equal(Time.GetUtcNow() + TimeSpan.FromSeconds(1), await Store.NextDueAsync(Ct));

        Time.Advance(TimeSpan.FromSeconds(1));
        var second = await ClaimOneAsync();
        Assert.Equal(("a1", 2), (second.Id, second.Attempt));
        await FailAsync(second);
        Time.Advance(TimeSpan.FromMilliseconds(1999));
        Assert.Empty(await ClaimAsync(10));
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(("a1", 3), ((await ClaimAsync(1)) is [var third] ? (third.Id, third.Attempt) : default));
    }

    [Fact]
    public async Task After_its_last_attempt_a_job_is_failed_with_its_error_and_the_lane_goes_on()
    {
        await Store.EnqueueAsync([Job("a") with { Policy = new(1, TimeSpan.FromSeconds(1)) }, Job("b")], Ct);
        Assert.Equal(JobFailureResult.Failed, await FailAsync(await ClaimOneAsync()));
        Assert.Equal("b", (await ClaimOneAsync()).Id);
        var failed = (await Monitor.JobAsync("a", Ct))!;
        Assert.Equal((JobState.Failed, 1, "broken", "at somewhere"), (failed.Summary.State, failed.Summary.Attempts, failed.Summary.Error, failed.Stack));
        Assert.Equal(Time.GetUtcNow(), failed.Summary.Finished);
    }

    [Fact]
    public async Task The_wait_between_tries_is_capped()
    {
        await Store.EnqueueAsync([Job("a") with { Policy = new(50, TimeSpan.FromSeconds(10)) { MaxDelay = TimeSpan.FromSeconds(15) } }], Ct);
        for (var i = 0; i < 40; i++)
        {
            await FailAsync(await ClaimOneAsync());
            Time.Advance(TimeSpan.FromSeconds(15));
        }

        Assert.Equal(41, (await ClaimOneAsync()).Attempt);
    }

    [Fact]
    public async Task A_permanent_failure_skips_the_attempts_that_are_left()
    {
        await Store.EnqueueAsync([Job("a"), Job("b")], Ct);
        Assert.Equal(JobFailureResult.Failed, await FailAsync(await ClaimOneAsync(), JobFailureKind.Permanent));
        Assert.Equal("b", (await ClaimOneAsync()).Id);
    }

    [Fact]
    public async Task A_retry_after_waits_as_told_holds_its_lane_and_uses_no_attempt()
    {
        await Store.EnqueueAsync([Job("a"), Job("b")], Ct);
        for (var i = 0; i < 10; i++)
        {
            var job = await ClaimOneAsync();
            Assert.Equal(("a", 1), (job.Id, job.Attempt));
            Assert.Equal(JobFailureResult.WillRetry, await FailAsync(job, JobFailureKind.RetryAfter, TimeSpan.FromMinutes(7)));
            Time.Advance(TimeSpan.FromMinutes(7) - TimeSpan.FromMilliseconds(1));
            Assert.Empty(await ClaimAsync(10));
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(["a", "b"], await CompleteAllAsync());
    }

    [Fact]
    public async Task A_retry_after_ends_at_its_limit_with_one_last_try()
    {
        await Store.EnqueueAsync([Job("a") with { Policy = Three with { RetryAfterLimit = TimeSpan.FromHours(1) } }], Ct);
        Assert.Equal(JobFailureResult.WillRetry, await FailAsync(await ClaimOneAsync(), JobFailureKind.RetryAfter, TimeSpan.FromMinutes(50)));
        Time.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(JobFailureResult.WillRetry, await FailAsync(await ClaimOneAsync(), JobFailureKind.RetryAfter, TimeSpan.FromMinutes(50)));
        Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(JobFailureResult.Failed, await FailAsync(await ClaimOneAsync(), JobFailureKind.RetryAfter, TimeSpan.FromMinutes(50)));
    }

    [Fact]
    public async Task A_delayed_job_waits_with_its_lane_and_can_be_promoted()
    {
        await Store.EnqueueAsync([Job("a") with { Delay = TimeSpan.FromHours(1) }, Job("b")], Ct);
        Assert.Empty(await ClaimAsync(10));
        Assert.Equal(JobState.Delayed, await StateAsync("a"));
        Assert.False(await Store.PromoteAsync("b", Ct));
        Assert.True(await Store.PromoteAsync("a", Ct));
        Assert.Equal(["a", "b"], await CompleteAllAsync());
    }

    [Fact]
    public async Task A_delay_behind_another_job_holds_the_lane_when_its_turn_comes()
    {
        await Store.EnqueueAsync([Job("a"), Job("b") with { Delay = TimeSpan.FromMinutes(1) }, Job("c")], Ct);
        Assert.Equal(["a"], await CompleteAllAsync());
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["b", "c"], await CompleteAllAsync());
    }

    protected static JobRequest Job(string id, string lane = "lane", string queue = "q") => new(id, queue, lane, new byte[] { 7 }, Three);

    private Task<IReadOnlyList<ClaimedJob>> ClaimAsync(int max, int bulk = 0) => Store.ClaimAsync("w", new JobSlots(max, bulk), Lease, Ct);

    private async Task<ClaimedJob> ClaimOneAsync() => Assert.Single(await ClaimAsync(1));

    private Task<JobFailureResult> FailAsync(ClaimedJob job, JobFailureKind kind = JobFailureKind.Backoff, TimeSpan delay = default) =>
        Store.FailAsync(job.Ticket, new JobFailure(kind, "broken", "at somewhere", Time.GetUtcNow()) { Delay = delay }, Ct);

    private async Task<JobState?> StateAsync(string id) => (await Monitor.JobAsync(id, Ct))?.Summary.State;

    private async Task<List<string>> CompleteAllAsync()
    {
        var done = new List<string>();
        while (await ClaimAsync(1) is [var job])
        {
            Assert.True((await Store.CompleteAsync(job.Ticket, null, Ct)).Accepted);
            done.Add(job.Id);
        }

        return done;
    }

    private async Task ReopenAsync()
    {
        await CloseAsync();
        (Store, Monitor) = await OpenAsync();
    }
}
