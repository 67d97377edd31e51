namespace Footbridge.Jobs;

/// <summary>The read side: what a board and the metrics show. Reads never wait for writers.</summary>
public interface IJobMonitor
{
    /// <summary>Every queue that holds a job or is paused, by name.</summary>
    Task<IReadOnlyList<QueueStatus>> QueuesAsync(CancellationToken ct);

    /// <summary>One page of a state's jobs: finished ones newest first, others oldest first.</summary>
    /// <param name="queue">Only this queue's, or null for all.</param>
    Task<IReadOnlyList<JobSummary>> JobsAsync(JobState state, string? queue, int skip, int take, CancellationToken ct);

    /// <summary>Everything about one job, or null.</summary>
    Task<JobDetails?> JobAsync(string id, CancellationToken ct);

    /// <summary>Lanes that cannot go on now, by what, the longest wait first.</summary>
    Task<IReadOnlyList<BlockedLane>> BlockedLanesAsync(int take, CancellationToken ct);

    /// <summary>A lane's open jobs in their order, the head first.</summary>
    Task<IReadOnlyList<JobSummary>> LaneAsync(string lane, int take, CancellationToken ct);

    /// <summary>How many jobs each queue finished of late.</summary>
    Task<IReadOnlyList<QueueRates>> RatesAsync(CancellationToken ct);
}

/// <summary>One queue's numbers.</summary>
/// <param name="OldestWaiting">How long the oldest job that could run has waited, or null.</param>
public sealed record QueueStatus(string Queue, bool IsPaused, IReadOnlyDictionary<JobState, long> Counts, TimeSpan? OldestWaiting);

public sealed record JobSummary
{
    public required string Id { get; init; }

    public required string Queue { get; init; }

    public required string Lane { get; init; }

    public required JobState State { get; init; }

    public required int Attempts { get; init; }

    public required int AttemptsAllowed { get; init; }

    public required int Progress { get; init; }

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Finished { get; init; }

    /// <summary>For a delayed job: when it may start.</summary>
    public DateTimeOffset? DelayedUntil { get; init; }

    public string? Error { get; init; }
}

public sealed record JobDetails(JobSummary Summary, JobPolicy Policy, ReadOnlyMemory<byte> Payload)
{
    public string? Owner { get; init; }

    public string? Stack { get; init; }

    /// <summary>Lines in the order they were written, each with its time.</summary>
    public IReadOnlyList<(DateTimeOffset At, string Line)> Log { get; init; } = [];
}

/// <summary>A lane that waits.</summary>
/// <param name="HeadState"><see cref="JobState.Delayed"/> or <see cref="JobState.Paused"/>: what holds it.</param>
/// <param name="Until">When the delay ends; null when the queue is paused.</param>
/// <param name="Jobs">Jobs in the lane, the head included.</param>
/// <param name="Since">When the head was started last; if it never was, when it was created.</param>
/// <param name="Error">Why the head failed last, if it did.</param>
public sealed record BlockedLane(string Lane, string HeadId, string HeadQueue, JobState HeadState, DateTimeOffset? Until, long Jobs, DateTimeOffset Since, string? Error)
{
    /// <summary>Tries the head has used up.</summary>
    public required int Attempts { get; init; }

    public required int AttemptsAllowed { get; init; }
}

/// <summary>Jobs that a queue finished, one number a minute for an hour, the running minute last.</summary>
public sealed record QueueRates(string Queue, IReadOnlyList<int> Completed, IReadOnlyList<int> Failed)
{
    public const int Minutes = 60;
}
