using Footbridge.Jobs;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Dashboard.Actions;
using Footbridge.Server.Security;
using Footbridge.Server.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Footbridge.SystemTests.Dashboard;

/// <summary>Actions below the pages: who may, what is written down, and what a run over many jobs does.</summary>
public sealed class OperatorTests : IAsyncLifetime
{
    private const string Queue = "test | nobody handles this";
    private static readonly Visitor Looks = new("viewer", CanAct: false);
    private static readonly Visitor Acts = new("admin", CanAct: true);
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(90));
    private World _world = null!;
    private Operator _operator = null!;
    private AuditLog _audit = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        // Its jobs fail on purpose, a thousand times.
        _world = await World.StartAsync(Ct, configure: settings => settings.LogLevel = LogLevel.Critical);
        _audit = new(_world.Part<SqliteDatabase>(), TimeProvider.System);
        _operator = new(_world.Part<JobQueue>(), _world.Part<IJobMonitor>(), _audit, _world.Part<Settlements>());
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task Who_may_only_look_changes_nothing_and_the_attempt_is_written_down()
    {
        var job = Assert.Single(await FailedAsync(1));
        Assert.Equal(ActionOutcome.Refused, await _operator.RetryAsync(Looks, job.Id, atHead: false, Ct));
        Assert.Equal(ActionOutcome.Refused, await _operator.PromoteAsync(Looks, job.Id, Ct));
        Assert.Equal(ActionOutcome.Refused, await _operator.RemoveAsync(Looks, job.Id, Ct));
        Assert.Equal(ActionOutcome.Refused, await _operator.SkipHeadAsync(Looks, job.Lane, Ct));
        Assert.Equal(ActionOutcome.Refused, await _operator.DropLaneAsync(Looks, job.Lane, Ct));
        Assert.Equal(ActionOutcome.Refused, await _operator.PauseAsync(Looks, Queue, paused: true, Ct));
        Assert.Null(await _operator.RevealAsync(Looks, job.Id, Ct));
        Assert.Null(await NewRuns().StartAsync(Looks, BulkAction.RemoveFailed, Queue));
        Assert.Equal(job, Assert.Single(await FailedAsync(0)));
        Assert.False(Assert.Single(await _world.Part<IJobMonitor>().QueuesAsync(Ct)).IsPaused);
        var written = _audit.Page(0, 100);
        Assert.Equal(8, written.Count);
        Assert.All(written, entry => Assert.Equal(("viewer", "view", "refused"), (entry.Who, entry.Role, entry.Result)));
    }

    [Theory]
    [InlineData("chatwoot.inbox | commands")]
    [InlineData("chatwoot.waha | session.status")]
    [InlineData("chatwoot.task | error.note")]
    [InlineData("chatwoot.scheduled | message.cleanup")]
    public async Task A_locked_queue_is_paused_by_nobody(string queue)
    {
        Assert.Equal(ActionOutcome.Refused, await _operator.PauseAsync(Acts, queue, paused: true, Ct));
        Assert.Empty(await _world.Part<IJobMonitor>().QueuesAsync(Ct));
    }

    [Fact]
    public async Task An_action_that_comes_too_late_says_so_and_what_is_done_is_part_of_the_jobs_way()
    {
        var job = Assert.Single(await FailedAsync(1));
        Assert.Equal(ActionOutcome.Unchanged, await _operator.PromoteAsync(Acts, job.Id, Ct));
        Assert.Equal(ActionOutcome.Done, await _operator.RemoveAsync(Acts, job.Id, Ct));
        Assert.Equal(ActionOutcome.Unchanged, await _operator.RemoveAsync(Acts, job.Id, Ct));
        Assert.Equal(["unchanged", "done", "unchanged"], _audit.Page(0, 10).Select(entry => entry.Result));
        await _world.Part<Settlements>().FlushAsync();
        Assert.Contains(_world.Part<Deliveries>().HopsOf(job.Id), hop => (hop.Kind, hop.Text) == (Timeline.Operator, "remove by admin"));
    }

    [Fact]
    public async Task A_run_over_many_jobs_reaches_all_of_them_over_several_pages_and_is_written_down_once()
    {
        const int Many = 1203;
        await FailedAsync(Many);
        var runs = NewRuns();
        var run = await runs.StartAsync(Acts, BulkAction.RemoveFailed, Queue);
        await run!.Completion;
        Assert.Equal((Many, Many, true, $"{Many} done"), (run.Total, run.Seen, run.IsOver, run.Describe()));
        Assert.Same(run, runs.Of(Queue));
        Assert.Empty(await _world.Part<IJobMonitor>().JobsAsync(JobState.Failed, Queue, 0, 1, Ct));
        var entry = Assert.Single(_audit.Page(0, 10));
        Assert.Equal(("remove all failed", Queue, $"{Many} done"), (entry.Action, entry.Target, entry.Result));
    }

    [Fact]
    public async Task A_run_that_retries_takes_each_job_once_also_when_it_fails_again()
    {
        await FailedAsync(20);
        var run = await NewRuns().StartAsync(Acts, BulkAction.RetryFailed, Queue);
        await run!.Completion;
        Assert.Equal("20 done", run.Describe());
        await _world.JobsAsync(JobState.Failed, Queue, 20, Ct);
    }

    private BulkRuns NewRuns() => new(_world.Part<JobQueue>(), _world.Part<IJobMonitor>(), _audit, _world.Part<IHostApplicationLifetime>());

    /// <summary>Adds jobs of a queue without a handler, which fail at once, and waits for them.</summary>
    private async Task<IReadOnlyList<JobSummary>> FailedAsync(int count)
    {
        var jobs = Enumerable.Range(0, count).Select(i => new JobRequest($"test-{i}", Queue, $"lane-{i}", "{}"u8.ToArray(), new(1, TimeSpan.FromSeconds(1)))).ToList();
        if (jobs.Count > 0) await _world.Part<JobQueue>().EnqueueManyAsync(jobs, Ct);
        return await _world.JobsAsync(JobState.Failed, Queue, Math.Max(count, 1), Ct);
    }
}
