using Footbridge.Jobs;

namespace Footbridge.SystemTests.Jobs;

public abstract partial class JobStoreCompliance
{
    private readonly JobModel _model = new();
    private readonly List<JobTicket> _tickets = [];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Whatever_is_done_in_whatever_order_the_store_agrees_with_the_model(int seed)
    {
        var random = new Random(seed);
        for (var step = 0; step < 1500; step++)
        {
            await StepAsync(random);
            if (step % 10 == 0) await CompareAsync();
        }

        await CompareAsync();
        Assert.Equal(0, await Store.RepairAsync(Ct));
        Assert.Contains(_model.Jobs.Values, job => job.Finished == JobState.Completed);
        Assert.Contains(_model.Jobs.Values, job => job.Finished == JobState.Failed);
    }

    private Task StepAsync(Random random) => random.Next(100) switch
    {
        < 20 => EnqueueSomeAsync(random),
        < 45 => ClaimSomeAsync(random.Next(1, 4), random.Next(3)),
        < 60 => CompleteSomeAsync(random),
        < 74 => FailSomeAsync(random),
        < 77 => ReleaseSomeAsync(random),
        < 80 => RenewSomeAsync(random),
        < 89 => OperateAsync(random),
        < 92 => PauseOrResumeAsync($"queue {random.Next(3)}"),
        < 99 => Task.Run(() => Time.Advance(TimeSpan.FromMilliseconds(random.Next(1, 4000)))),
        _ => RestartAsync(),
    };

    private async Task EnqueueSomeAsync(Random random)
    {
        var requests = Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
        {
            var id = random.Next(400);
            var policy = new JobPolicy(1 + (id % 3), TimeSpan.FromMilliseconds(300)) { RetryAfterLimit = TimeSpan.FromSeconds(20) };
            return new JobRequest($"job {id}", $"queue {id % 3}", $"lane {id % 7}", new byte[id], policy, id % 9 == 0 ? TimeSpan.FromSeconds(2) : null)
            {
                Class = id % 4 == 0 ? JobClass.Bulk : JobClass.Live,
                EarlierRuns = id % 2,
                After = id % 5 == 0 ? $"job {random.Next(400)}" : null,
            };
        }).ToArray();
        var added = await Store.EnqueueAsync(requests, Ct);
        Assert.Equal(requests.Select(request => _model.Enqueue(request, Time.GetUtcNow())), added);
    }

    private async Task ClaimSomeAsync(int max, int bulk) => TakeOver(await ClaimAsync(max, bulk), max, bulk);

    private void TakeOver(IReadOnlyList<ClaimedJob> claimed, int max, int bulk)
    {
        var ready = _model.Ready(Time.GetUtcNow());
        var live = Math.Min(max, ready.Count(job => job.Class == JobClass.Live));
        Assert.Equal(live, claimed.Count(job => job.Class == JobClass.Live));
        Assert.Equal(Math.Min(Math.Min(max - live, bulk), ready.Count(job => job.Class == JobClass.Bulk)), claimed.Count - live);
        foreach (var job in claimed)
        {
            var expected = Assert.Single(ready, candidate => candidate.Id == job.Id);
            _model.Claim(expected, job.Ticket, Time.GetUtcNow(), Lease);
            Assert.Equal(expected.Attempts, job.Attempt);
            Assert.Equal((expected.FirstStarted, expected.Runs, expected.Class), (job.FirstStarted, job.Runs, job.Class));
            Assert.All(_tickets, ticket => Assert.True(ticket.FencingToken < job.FencingToken));
        }

        _tickets.AddRange(claimed.Select(job => job.Ticket));
    }

    private async Task CompleteSomeAsync(Random random)
    {
        if (AnyTicket(random) is not { } ticket) return;
        var (takesNext, bulk) = (random.Next(2) == 0, random.Next(2));
        var done = await Store.CompleteAsync(ticket, takesNext ? new NextClaim("w", Lease, bulk == 1) : null, Ct);
        var holder = _model.Holder(ticket);
        Assert.Equal(holder is not null, done.Accepted);
        if (holder is not null) _model.Finish(holder, JobState.Completed);
        if (takesNext) TakeOver(done.Next is null ? [] : [done.Next], 1, bulk);
    }

    private async Task FailSomeAsync(Random random)
    {
        if (AnyTicket(random) is not { } ticket) return;
        var (now, kind) = (Time.GetUtcNow(), (JobFailureKind)random.Next(3));
        var failure = new JobFailure(kind, "broken", null, now) { Delay = TimeSpan.FromMilliseconds(random.Next(3000)) };
        var result = await Store.FailAsync(ticket, failure, Ct);
        if (_model.Holder(ticket) is not { } job)
        {
            Assert.Equal(JobFailureResult.Lost, result);
            return;
        }

        var delay = failure.NextDelay(job.Policy, job.Attempts, job.FirstStarted!.Value);
        Assert.Equal(delay is null ? JobFailureResult.Failed : JobFailureResult.WillRetry, result);
        if (delay is { } wait) _model.Wait(job, wait, kind != JobFailureKind.RetryAfter, now);
        else _model.Finish(job, JobState.Failed);
    }

    private async Task ReleaseSomeAsync(Random random)
    {
        if (AnyTicket(random) is not { } ticket) return;
        var holder = _model.Holder(ticket);
        Assert.Equal(holder is not null, await Store.ReleaseAsync(ticket, Ct));
        if (holder is not null) _model.GiveBack(holder, Time.GetUtcNow());
    }

    private async Task RenewSomeAsync(Random random)
    {
        if (AnyTicket(random) is not { } ticket) return;
        var holder = _model.Holder(ticket);
        Assert.Equal([holder is not null], await Store.RenewAsync([ticket], Lease, Ct));
        if (holder is not null) holder.LeaseEnd = Time.GetUtcNow() + Lease;
    }

    private async Task OperateAsync(Random random)
    {
        var (id, lane, atHead, now) = ($"job {random.Next(400)}", $"lane {random.Next(7)}", random.Next(2) == 0, Time.GetUtcNow());
        var failed = _model.Jobs.Values.Where(job => job.Finished == JobState.Failed).ToArray();
        if (failed.Length > 0 && random.Next(2) == 0) id = failed[random.Next(failed.Length)].Id;
        switch (random.Next(5))
        {
            case 0:
                Assert.Equal(_model.Retry(id, atHead, now), await Store.RetryAsync(id, atHead, Ct));
                break;
            case 1:
                Assert.Equal(_model.SkipHead(lane), await Store.SkipHeadAsync(lane, Ct));
                break;
            case 2 when random.Next(4) == 0:
                Assert.Equal(_model.DropLane(lane), await Store.DropLaneAsync(lane, Ct));
                break;
            case 3:
                Assert.Equal(_model.Remove(id), await Store.RemoveAsync(id, Ct));
                break;
            default:
                Assert.Equal(_model.Promote(id, now), await Store.PromoteAsync(id, Ct));
                break;
        }
    }

    private Task PauseOrResumeAsync(string queue)
    {
        if (_model.Paused.Remove(queue)) return Store.ResumeAsync(queue, Ct);
        _model.Paused.Add(queue);
        return Store.PauseAsync(queue, Ct);
    }

    private async Task RestartAsync()
    {
        await ReopenAsync();
        if (OwnersDieWithTheStore) _model.LoseOwners(Time.GetUtcNow());
    }

    private async Task CompareAsync()
    {
        var now = Time.GetUtcNow();
        foreach (var (lane, jobs) in _model.Lanes) Assert.Equal(jobs.Select(job => job.Id), (await Monitor.LaneAsync(lane, 1000, Ct)).Select(job => job.Id));
        var ids = Enumerable.Range(0, 400).Select(id => $"job {id}").ToArray();
        Assert.Equal(ids.Select(_model.Standing), await Store.StandingAsync(ids, Ct));
        foreach (var job in _model.Jobs.Values)
        {
            var stored = (await Monitor.JobAsync(job.Id, Ct))!.Summary;
            Assert.Equal((job.Id, _model.State(job, now), job.Attempts), (stored.Id, stored.State, stored.Attempts));
        }

        var counts = (await Monitor.QueuesAsync(Ct)).SelectMany(queue => queue.Counts).GroupBy(count => count.Key, count => count.Value)
            .ToDictionary(group => group.Key, group => group.Sum());
        Assert.Equal(_model.Jobs.Values.GroupBy(job => _model.State(job, now)).ToDictionary(group => group.Key, group => (long)group.Count()), counts);
    }

    // Mostly a recent ticket; an old one has to be refused.
    private JobTicket? AnyTicket(Random random) =>
        _tickets.Count == 0 ? null : random.Next(4) == 0 ? _tickets[random.Next(_tickets.Count)] : _tickets[^Math.Min(_tickets.Count, 1 + random.Next(6))];
}
