using System.Diagnostics.CodeAnalysis;

namespace Footbridge.Jobs;

/// <summary>One run in this process: what the handler sees, and the switch that ends it early.</summary>
internal sealed class JobRun : JobContext, IDisposable
{
    private readonly IJobStore _store;
    private readonly CancellationTokenSource _cancel = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private bool _disposed;

    [SetsRequiredMembers]
    public JobRun(IJobStore store, ClaimedJob job, long claimedAt)
    {
        _store = store;
        RenewedAt = claimedAt;
        Job = job;
        Id = job.Id;
        Queue = job.Queue;
        Lane = job.Lane;
        Payload = job.Payload;
        Attempt = job.Attempt;
        AttemptsAllowed = job.AttemptsAllowed;
        NextDelay = new JobFailure(JobFailureKind.Backoff, "", null, default).NextDelay(job.Policy, job.Attempt, default);
        Runs = job.Runs;
        Class = job.Class;
    }

    public ClaimedJob Job { get; }

    public CancellationToken Canceled => _cancel.Token;

    /// <summary>The ticket is no longer ours: whatever comes of this run is discarded.</summary>
    public bool IsLost { get; private set; }

    /// <summary>The worker is stopping and wants the job back unfinished.</summary>
    public bool IsHandedBack { get; private set; }

    /// <summary>The handler is done; its result is on its way to the store.</summary>
    public bool IsSettling { get; set; }

    /// <summary>Timestamp at which the lease began to run, the last time it was surely ours.</summary>
    public required long RenewedAt { get; set; }

    /// <summary>Completes when this run will do nothing more.</summary>
    public Task Ended => _ended.Task;

    public override Task LogAsync(string line, CancellationToken ct) => _store.LogAsync(Id, line, ct);

    public override Task ProgressAsync(int percent, CancellationToken ct) => _store.ProgressAsync(Job.Ticket, percent, ct);

    public Task LoseAsync()
    {
        IsLost = true;
        return CancelAsync();
    }

    public Task HandBackAsync()
    {
        IsHandedBack = true;
        return CancelAsync();
    }

    public void Dispose()
    {
        _ended.TrySetResult();
        lock (_gate)
        {
            _disposed = true;
            _cancel.Dispose();
        }
    }

    private Task CancelAsync()
    {
        lock (_gate) return _disposed ? Task.CompletedTask : _cancel.CancelAsync();
    }
}
