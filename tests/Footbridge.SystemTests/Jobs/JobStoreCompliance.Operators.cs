using Footbridge.Jobs;

namespace Footbridge.SystemTests.Jobs;

public abstract partial class JobStoreCompliance
{
    [Fact]
    public async Task A_run_whose_lease_ended_goes_to_another_and_can_settle_nothing()
    {
        await Store.EnqueueAsync([Job("a"), Job("b")], Ct);
        var first = await ClaimOneAsync();
        Time.Advance(Lease - TimeSpan.FromMilliseconds(1));
        Assert.Empty(await ClaimAsync(1));
        Time.Advance(TimeSpan.FromMilliseconds(1));
        var second = await ClaimOneAsync();
        Assert.Equal(("a", 1), (second.Id, second.Attempt));
        Assert.True(second.FencingToken > first.FencingToken);

        Assert.False((await Store.CompleteAsync(first.Ticket, null, Ct)).Accepted);
        Assert.Equal(JobFailureResult.Lost, await FailAsync(first, JobFailureKind.Permanent));
        Assert.False(await Store.ReleaseAsync(first.Ticket, Ct));
        Assert.False(await Store.ProgressAsync(first.Ticket, 50, Ct));
        Assert.Equal([false, true], await Store.RenewAsync([first.Ticket, second.Ticket], Lease, Ct));
        Assert.Equal(JobState.Active, await StateAsync("a"));
        Assert.True((await Store.CompleteAsync(second.Ticket, null, Ct)).Accepted);
        Assert.False((await Store.CompleteAsync(second.Ticket, null, Ct)).Accepted);
    }

    [Fact]
    public async Task The_runs_of_an_owner_that_is_gone_are_taken_back_at_once_and_nobody_elses()
    {
        await Store.EnqueueAsync([Job("a1", "a"), Job("a2", "a"), Job("b1", "b"), Job("c1", "c")], Ct);
        var gone = await Store.ClaimAsync("gone", new JobSlots(2, 0), Lease, Ct);
        var alive = await ClaimOneAsync();
        Assert.Equal(2, await Store.TakeBackAsync("gone", Ct));
        Assert.Equal(0, await Store.TakeBackAsync("gone", Ct));
        Assert.False((await Store.CompleteAsync(gone[0].Ticket, null, Ct)).Accepted);
        var again = await ClaimAsync(10);
        Assert.Equal([("a1", 2, 1), ("b1", 2, 1)], again.Select(job => (job.Id, job.Runs, job.Attempt)));
        Assert.True((await Store.CompleteAsync(alive.Ticket, null, Ct)).Accepted);
        Assert.Equal(0, await Store.RepairAsync(Ct));
    }

    [Fact]
    public async Task A_renewed_lease_holds()
    {
        await Store.EnqueueAsync([Job("a")], Ct);
        var job = await ClaimOneAsync();
        for (var i = 0; i < 10; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(20));
            Assert.Equal([true], await Store.RenewAsync([job.Ticket], Lease, Ct));
        }

        Assert.Empty(await ClaimAsync(1));
        Assert.True((await Store.CompleteAsync(job.Ticket, null, Ct)).Accepted);
    }

    [Fact]
    public async Task A_job_that_keeps_taking_its_worker_down_is_given_up_in_the_end()
    {
        await Store.EnqueueAsync([Job("a"), Job("b")], Ct);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("a", (await ClaimOneAsync()).Id);
            Time.Advance(Lease);
        }

        Assert.Equal("b", (await ClaimOneAsync()).Id);
        Assert.Equal(JobState.Failed, await StateAsync("a"));
    }

    [Fact]
    public async Task A_job_handed_back_is_the_head_again_with_its_attempt()
    {
        await Store.EnqueueAsync([Job("a"), Job("b")], Ct);
        Assert.True(await Store.ReleaseAsync((await ClaimOneAsync()).Ticket, Ct));
        var again = await ClaimOneAsync();
        Assert.Equal(("a", 1), (again.Id, again.Attempt));
    }

    [Fact]
    public async Task After_a_restart_jobs_that_were_running_are_taken_again_and_in_order()
    {
        await Store.EnqueueAsync([Job("a1", "a"), Job("a2", "a"), Job("b1", "b"), Job("c1", "c") with { Delay = TimeSpan.FromHours(1) }], Ct);
        var before = await ClaimAsync(10);
        await ReopenAsync();
        // Where several processes share a store, only the end of the lease tells that an owner is gone.
        if (!OwnersDieWithTheStore) Time.Advance(Lease);
        await Store.RepairAsync(Ct);
        Assert.Equal(["a1", "b1"], (await ClaimAsync(10)).Select(job => job.Id).Order());
        Assert.False((await Store.CompleteAsync(before[0].Ticket, null, Ct)).Accepted);
        Time.Advance(Lease);
        Assert.Equal(["a1", "a2", "b1"], (await CompleteAllAsync()).Order());
        Assert.Equal(JobState.Delayed, await StateAsync("c1"));
        Assert.Equal([JobEnqueued.Known], await Store.EnqueueAsync([Job("a1", "a")], Ct));
    }

    [Fact]
    public async Task A_paused_queue_holds_its_lanes_across_a_restart_and_lets_others_run()
    {
        await Store.EnqueueAsync([Job("a", "a", "stopped"), Job("a2", "a"), Job("b", "b"), Job("b2", "b", "stopped")], Ct);
        await Store.PauseAsync("stopped", Ct);
        await ReopenAsync();
        Assert.Equal(["b"], await CompleteAllAsync());
        Assert.Equal(JobState.Paused, await StateAsync("a"));
        Assert.Equal(JobState.Waiting, await StateAsync("a2"));
        await Store.EnqueueAsync([Job("c", "c", "stopped")], Ct);
        Assert.Empty(await ClaimAsync(10));
        await Store.ResumeAsync("stopped", Ct);
        Assert.Equal(["a", "a2", "b2", "c"], (await CompleteAllAsync()).Order());
    }

    [Fact]
    public async Task A_delay_that_ends_in_a_paused_queue_waits_for_the_queue()
    {
        await Store.EnqueueAsync([Job("a") with { Delay = TimeSpan.FromSeconds(5) }], Ct);
        await Store.PauseAsync("q", Ct);
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(await ClaimAsync(1));
        Assert.Equal(JobState.Paused, await StateAsync("a"));
        await Store.ResumeAsync("q", Ct);
        Assert.Equal("a", (await ClaimOneAsync()).Id);
    }

    [Fact]
    public async Task A_failed_job_retried_goes_to_the_tail_with_all_its_attempts()
    {
        await Store.EnqueueAsync([Job("a"), Job("b"), Job("c")], Ct);
        await FailAsync(await ClaimOneAsync(), JobFailureKind.Permanent);
        Assert.False(await Store.RetryAsync("b", atHead: false, Ct));
        Assert.True(await Store.RetryAsync("a", atHead: false, Ct));
        await Store.EnqueueAsync([Job("d")], Ct);
        Assert.Equal(["b", "c", "a", "d"], await CompleteAllAsync());
    }

    [Fact]
    public async Task A_failed_job_retried_at_the_head_runs_next_but_not_beside_the_running_one()
    {
        await Store.EnqueueAsync([Job("a"), Job("b"), Job("c")], Ct);
        await FailAsync(await ClaimOneAsync(), JobFailureKind.Permanent);
        var running = await ClaimOneAsync();
        Assert.Equal("b", running.Id);
        Assert.True(await Store.RetryAsync("a", atHead: true, Ct));
        Assert.Empty(await ClaimAsync(10));
        await Store.CompleteAsync(running.Ticket, null, Ct);
        var again = await ClaimOneAsync();
        Assert.Equal(("a", 1), (again.Id, again.Attempt));
        await FailAsync(again, JobFailureKind.Permanent);
        Assert.True(await Store.RetryAsync("a", atHead: true, Ct));
        Assert.Equal(["a", "c"], await CompleteAllAsync());
    }

    [Fact]
    public async Task Retrying_in_an_empty_lane_opens_it_again()
    {
        await Store.EnqueueAsync([Job("a")], Ct);
        await FailAsync(await ClaimOneAsync(), JobFailureKind.Permanent);
        Assert.True(await Store.RetryAsync("a", atHead: true, Ct));
        Assert.Equal(["a"], await CompleteAllAsync());
    }

    [Fact]
    public async Task A_skipped_head_is_failed_and_its_lane_goes_on_but_a_running_head_is_left_alone()
    {
        await Store.EnqueueAsync([Job("a"), Job("b"), Job("c")], Ct);
        await FailAsync(await ClaimOneAsync());
        Assert.True(await Store.SkipHeadAsync("lane", Ct));
        Assert.Equal(JobState.Failed, await StateAsync("a"));
        Assert.Equal("b", (await ClaimOneAsync()).Id);
        Assert.False(await Store.SkipHeadAsync("lane", Ct));
        Assert.False(await Store.SkipHeadAsync("no such lane", Ct));
    }

    [Fact]
    public async Task A_removed_job_is_gone_stays_known_and_a_running_one_is_left_alone()
    {
        await Store.EnqueueAsync([Job("a"), Job("b"), Job("c")], Ct);
        Assert.True(await Store.RemoveAsync("a", Ct));
        Assert.Null(await Monitor.JobAsync("a", Ct));
        Assert.Equal([JobEnqueued.Known], await Store.EnqueueAsync([Job("a")], Ct));
        var running = await ClaimOneAsync();
        Assert.Equal("b", running.Id);
        Assert.False(await Store.RemoveAsync("b", Ct));
        Assert.True(await Store.RemoveAsync("c", Ct));
        Assert.False(await Store.RemoveAsync("c", Ct));
        await Store.CompleteAsync(running.Ticket, null, Ct);
        Assert.Empty(await ClaimAsync(10));
    }

    [Fact]
    public async Task Progress_and_log_lines_stay_with_the_job()
    {
        await Store.EnqueueAsync([Job("a")], Ct);
        var job = await ClaimOneAsync();
        Assert.True(await Store.ProgressAsync(job.Ticket, 140, Ct));
        for (var i = 0; i < 205; i++) Assert.True(await Store.LogAsync("a", $"line {i}", Ct));
        Assert.False(await Store.LogAsync("no such job", "line", Ct));
        var details = (await Monitor.JobAsync("a", Ct))!;
        Assert.Equal((100, "w"), (details.Summary.Progress, details.Owner));
        Assert.Equal(Enumerable.Range(5, 200).Select(i => $"line {i}"), details.Log.Select(entry => entry.Line));
    }

    [Fact]
    public async Task Finished_jobs_are_cleaned_by_age_and_by_count_and_their_ids_stay_known()
    {
        for (var i = 0; i < 10; i++)
        {
            await Store.EnqueueAsync([Job($"job {i}")], Ct);
            await CompleteAllAsync();
            Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(4, await Store.CleanAsync(JobState.Completed, TimeSpan.FromMinutes(6), 100, Ct));
        Assert.Equal(4, await Store.CleanAsync(JobState.Completed, TimeSpan.FromDays(1), 2, Ct));
        Assert.Equal(["job 9", "job 8"], (await Monitor.JobsAsync(JobState.Completed, null, 0, 10, Ct)).Select(job => job.Id));
        Assert.Equal([JobEnqueued.Known], await Store.EnqueueAsync([Job("job 0")], Ct));
        Assert.Equal(0, await Store.CleanAsync(JobState.Failed, TimeSpan.Zero, 0, Ct));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Store.CleanAsync(JobState.Waiting, TimeSpan.Zero, 0, Ct));
    }

    [Fact]
    public async Task The_id_of_a_cleaned_job_is_forgotten_after_the_dedupe_time()
    {
        await Store.EnqueueAsync([Job("a")], Ct);
        await CompleteAllAsync();
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await Store.CleanAsync(JobState.Completed, TimeSpan.Zero, 0, Ct));
        Time.Advance(TimeSpan.FromDays(7));
        await Store.CleanAsync(JobState.Completed, TimeSpan.Zero, 0, Ct);
        Assert.Equal([JobEnqueued.Added], await Store.EnqueueAsync([Job("a")], Ct));
    }

    [Fact]
    public async Task The_board_counts_every_state_and_names_what_blocks_a_lane()
    {
        await Store.EnqueueAsync([Job("done", "1"), Job("lost", "2"), Job("later", "3"), Job("behind", "3"), Job("held", "5", "stopped")], Ct);
        var jobs = await ClaimAsync(3);
        await Store.CompleteAsync(jobs[0].Ticket, null, Ct);
        await FailAsync(jobs[1], JobFailureKind.Permanent);
        await FailAsync(jobs[2], JobFailureKind.RetryAfter, TimeSpan.FromMinutes(9));
        await Store.PauseAsync("stopped", Ct);
        Time.Advance(TimeSpan.FromMinutes(2));
        await Store.EnqueueAsync([Job("runs", "6")], Ct);
        await ClaimOneAsync();

        var queues = await Monitor.QueuesAsync(Ct);
        Assert.Equal([("q", false), ("stopped", true)], queues.Select(queue => (queue.Queue, queue.IsPaused)));
        Assert.Equal(TimeSpan.FromMinutes(2), queues[0].OldestWaiting);
        foreach (var state in new[] { JobState.Completed, JobState.Failed, JobState.Delayed, JobState.Waiting, JobState.Active })
        {
            Assert.Equal(1, queues[0].Counts[state]);
            Assert.Equal(state, Assert.Single(await Monitor.JobsAsync(state, "q", 0, 10, Ct)).State);
            Assert.Empty(await Monitor.JobsAsync(state, "q", 1, 10, Ct));
        }

        Assert.Equal("held", Assert.Single(await Monitor.JobsAsync(JobState.Paused, null, 0, 10, Ct)).Id);
        var blocked = await Monitor.BlockedLanesAsync(10, Ct);
        Assert.Equal([("3", "later", JobState.Delayed, 2L, "broken", Time.GetUtcNow() - TimeSpan.FromMinutes(2)), ("5", "held", JobState.Paused, 1L, null, Time.GetUtcNow() - TimeSpan.FromMinutes(2))],
            blocked.OrderBy(lane => lane.Lane).Select(lane => (lane.Lane, lane.HeadId, lane.HeadState, lane.Jobs, lane.Error, lane.Since)));
        Assert.All(blocked, lane => Assert.Equal((0, 3), (lane.Attempts, lane.AttemptsAllowed)));
    }

    [Fact]
    public async Task Repair_of_a_sound_store_changes_nothing()
    {
        await Store.EnqueueAsync([Job("a"), Job("b"), Job("c", "c") with { Delay = TimeSpan.FromHours(1) }, Job("d", "d", "stopped")], Ct);
        await Store.PauseAsync("stopped", Ct);
        var running = await ClaimOneAsync();
        Assert.Equal(0, await Store.RepairAsync(Ct));
        Assert.True((await Store.CompleteAsync(running.Ticket, null, Ct)).Accepted);
    }
}
