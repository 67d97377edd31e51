using Footbridge.Jobs;

namespace Footbridge.SystemTests.Jobs;

public abstract partial class JobStoreCompliance
{
    [Fact]
    public async Task Bulk_lanes_run_after_the_live_ones_and_only_in_the_slots_set_aside_for_them()
    {
        await Store.EnqueueAsync([.. Enumerable.Range(0, 5).Select(i => Bulk($"bulk {i}", $"import {i}")), Job("live 1", "1"), Job("live 2", "2")], Ct);
        var first = await ClaimAsync(3, bulk: 3);
        Assert.Equal(["live 1", "live 2", "bulk 0"], first.Select(job => job.Id));
        Assert.Equal([JobClass.Live, JobClass.Live, JobClass.Bulk], first.Select(job => job.Class));
        Assert.Equal(["bulk 1", "bulk 2"], (await ClaimAsync(10, bulk: 2)).Select(job => job.Id));
        Assert.Empty(await ClaimAsync(10, bulk: 0));
        Assert.Null((await Store.CompleteAsync(first[0].Ticket, new NextClaim("w", Lease, Bulk: false), Ct)).Next);
        await Store.EnqueueAsync([Job("live 3", "1")], Ct);
        Assert.Equal("live 3", (await Store.CompleteAsync(first[1].Ticket, new NextClaim("w", Lease), Ct)).Next!.Id);
        Assert.Equal("bulk 3", (await Store.CompleteAsync(first[2].Ticket, new NextClaim("w", Lease), Ct)).Next!.Id);
    }

    [Fact]
    public async Task A_lane_is_as_urgent_as_its_head()
    {
        await Store.EnqueueAsync([Bulk("old", "chat"), Job("new", "chat"), Bulk("newer", "chat") with { Delay = TimeSpan.FromMinutes(1) }], Ct);
        Assert.Empty(await ClaimAsync(10));
        var old = Assert.Single(await ClaimAsync(10, bulk: 1));
        await Store.CompleteAsync(old.Ticket, null, Ct);
        await Store.PauseAsync("q", Ct);
        await Store.ResumeAsync("q", Ct);
        await Store.CompleteAsync((await ClaimOneAsync()).Ticket, null, Ct);
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await ClaimAsync(10));
        await Store.PauseAsync("q", Ct);
        Assert.Empty(await ClaimAsync(10, bulk: 1));
        await Store.ResumeAsync("q", Ct);
        Assert.Empty(await ClaimAsync(10));
        Assert.Equal("newer", Assert.Single(await ClaimAsync(10, bulk: 1)).Id);
        Assert.Equal(0, await Store.RepairAsync(Ct));
    }

    [Fact]
    public async Task A_job_whose_predecessor_is_unknown_is_refused_because_the_broker_lost_its_memory()
    {
        Assert.Equal(
            [JobEnqueued.Gap, JobEnqueued.Gap, JobEnqueued.Added],
            await Store.EnqueueAsync([Job("b") with { After = "a" }, Job("c") with { After = "b" }, Job("other", "elsewhere")], Ct));
        Assert.Equal(JobStanding.Unknown, Assert.Single(await Store.StandingAsync(["b"], Ct)));
        Assert.Equal(
            [JobEnqueued.Added, JobEnqueued.Added, JobEnqueued.Added],
            await Store.EnqueueAsync([Job("a"), Job("b") with { After = "a" }, Job("c") with { After = "b" }], Ct));
        // What is known already is no question of order any more.
        Assert.Equal([JobEnqueued.Known], await Store.EnqueueAsync([Job("b") with { After = "never heard of" }], Ct));
        // Its own predecessor: it was enqueued before, or the store has forgotten that.
        Assert.Equal([JobEnqueued.Known, JobEnqueued.Gap], await Store.EnqueueAsync([Job("c") with { After = "c" }, Job("z") with { After = "z" }], Ct));
        await CompleteAllAsync();
        Assert.True(await Store.RemoveAsync("c", Ct));
        Assert.Equal([JobEnqueued.Added], await Store.EnqueueAsync([Job("d") with { After = "c" }], Ct));
    }

    [Fact]
    public async Task Every_start_of_a_job_is_counted_whatever_became_of_it()
    {
        await Store.EnqueueAsync([Job("a"), Job("b") with { EarlierRuns = 1 }], Ct);
        Assert.Equal(1, (await ClaimOneAsync()).Runs);
        Time.Advance(Lease);
        var second = await ClaimOneAsync();
        Assert.Equal((2, 1), (second.Runs, second.Attempt));
        await Store.ReleaseAsync(second.Ticket, Ct);
        var third = await ClaimOneAsync();
        await FailAsync(third, JobFailureKind.RetryAfter, TimeSpan.Zero);
        await FailAsync(await ClaimOneAsync(), JobFailureKind.Permanent);
        Assert.Equal(2, (await ClaimOneAsync()) is { Id: "b" } b ? b.Runs : 0);
        Assert.True(await Store.RetryAsync("a", atHead: false, Ct));
        Time.Advance(Lease);
        Assert.Equal(3, (await ClaimOneAsync()) is { Id: "b" } again ? await CompleteAndCountAsync(again) : 0);
        var last = await ClaimOneAsync();
        Assert.Equal(("a", 5, 1), (last.Id, last.Runs, last.Attempt));
    }

    [Fact]
    public async Task The_standing_of_every_id_is_known()
    {
        await Store.EnqueueAsync([Job("done", "1"), Job("lost", "2"), Job("runs", "3"), Job("waits", "3"), Job("later", "4") with { Delay = TimeSpan.FromHours(1) }, Job("gone", "5")], Ct);
        var jobs = await ClaimAsync(3);
        await Store.CompleteAsync(jobs[0].Ticket, null, Ct);
        await FailAsync(jobs[1], JobFailureKind.Permanent);
        await Store.RemoveAsync("gone", Ct);
        Assert.Equal(
            [JobStanding.Completed, JobStanding.Failed, JobStanding.Open, JobStanding.Open, JobStanding.Open, JobStanding.Deleted, JobStanding.Unknown],
            await Store.StandingAsync(["done", "lost", "runs", "waits", "later", "gone", "never"], Ct));
        Assert.Empty(await Store.StandingAsync([], Ct));
    }

    [Fact]
    public async Task A_dropped_lane_is_failed_but_for_the_job_that_runs()
    {
        await Store.EnqueueAsync([Job("a"), Job("b"), Job("c"), Job("other", "elsewhere")], Ct);
        var running = await ClaimOneAsync();
        Assert.Equal(2, await Store.DropLaneAsync("lane", Ct));
        Assert.Equal(["a"], (await Monitor.LaneAsync("lane", 10, Ct)).Select(job => job.Id));
        Assert.Equal([JobState.Failed, JobState.Failed], [await StateAsync("b"), await StateAsync("c")]);
        await Store.CompleteAsync(running.Ticket, null, Ct);
        Assert.Equal(0, await Store.DropLaneAsync("lane", Ct));
        Assert.Equal(["other"], await CompleteAllAsync());
        Assert.True(await Store.RetryAsync("c", atHead: false, Ct));
        Assert.True(await Store.RetryAsync("b", atHead: false, Ct));
        Assert.Equal(["c", "b"], await CompleteAllAsync());
    }

    [Fact]
    public async Task The_newest_finished_jobs_are_kept_for_each_queue()
    {
        foreach (var queue in new[] { "busy", "quiet" })
        {
            for (var i = 0; i < (queue == "busy" ? 8 : 2); i++) await Store.EnqueueAsync([Job($"{queue} {i}", queue: queue)], Ct);
        }

        await CompleteAllAsync();
        Assert.Equal(5, await Store.CleanAsync(JobState.Completed, TimeSpan.FromDays(1), 3, Ct));
        var kept = await Monitor.JobsAsync(JobState.Completed, null, 0, 100, Ct);
        Assert.Equal(["busy 5", "busy 6", "busy 7", "quiet 0", "quiet 1"], kept.Select(job => job.Id).Order());
    }

    private static JobRequest Bulk(string id, string lane) => Job(id, lane) with { Class = JobClass.Bulk };

    private async Task<int> CompleteAndCountAsync(ClaimedJob job)
    {
        await Store.CompleteAsync(job.Ticket, null, Ct);
        return job.Runs;
    }
}
