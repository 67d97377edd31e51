namespace Footbridge.Jobs;

/// <summary>The seam between the broker and where it keeps its jobs. Every operation is atomic, and durable when its task completes.</summary>
/// <remarks>One compliance suite proves every store (<c>tests/Footbridge.SystemTests/Jobs/JobStoreCompliance.cs</c>).</remarks>
public interface IJobStore
{
    /// <summary>Appends jobs to their lanes, in the order given.</summary>
    /// <returns>What came of each; one that is refused does not stop the others.</returns>
    /// <exception cref="ArgumentException">A payload, a name or a policy is out of bounds; nothing is enqueued.</exception>
    Task<IReadOnlyList<JobEnqueued>> EnqueueAsync(IReadOnlyList<JobRequest> requests, CancellationToken ct);

    /// <summary>Takes the heads of ready lanes: live ones first, and in each class the lane that has waited longest.</summary>
    /// <remarks>Delays that are over and leases that ran out are seen first. A lane whose head's queue is paused waits.</remarks>
    Task<IReadOnlyList<ClaimedJob>> ClaimAsync(string owner, JobSlots slots, TimeSpan lease, CancellationToken ct);

    /// <summary>Marks a job as done, lets its lane advance, and takes the next ready job when <paramref name="next"/> is given.</summary>
    /// <remarks>The next job is also looked for when the ticket was no longer current.</remarks>
    Task<JobCompletion> CompleteAsync(JobTicket ticket, NextClaim? next, CancellationToken ct);

    /// <summary>Records a failed run; <see cref="JobFailure.NextDelay"/> decides between waiting and <c>failed</c>.</summary>
    Task<JobFailureResult> FailAsync(JobTicket ticket, JobFailure failure, CancellationToken ct);

    /// <summary>Hands a job back unfinished: head of its lane, ready at once, no attempt used.</summary>
    /// <returns>False if the ticket was no longer the current one.</returns>
    Task<bool> ReleaseAsync(JobTicket ticket, CancellationToken ct);

    /// <summary>Ends the runs of an owner that is certainly gone, without waiting for their leases; none of them uses an attempt.</summary>
    /// <returns>How many there were.</returns>
    Task<int> TakeBackAsync(string owner, CancellationToken ct);

    /// <summary>Extends leases from now.</summary>
    /// <returns>Per ticket: false if it was no longer the current one; its run must stop.</returns>
    Task<IReadOnlyList<bool>> RenewAsync(IReadOnlyList<JobTicket> tickets, TimeSpan lease, CancellationToken ct);

    /// <summary>Records how far a running job is, in percent; values outside 0 to 100 are cut.</summary>
    Task<bool> ProgressAsync(JobTicket ticket, int percent, CancellationToken ct);

    /// <summary>Appends a line to a job's log; the newest 200 lines are kept, 4,000 characters each.</summary>
    /// <returns>False if there is no such job.</returns>
    Task<bool> LogAsync(string id, string line, CancellationToken ct);

    /// <summary>Ends the wait of a delayed job. It still runs only when it is its lane's head.</summary>
    Task<bool> PromoteAsync(string id, CancellationToken ct);

    /// <summary>Gives a failed job all its attempts again, at its lane's tail, or at its head (behind a job that is running).</summary>
    Task<bool> RetryAsync(string id, bool atHead, CancellationToken ct);

    /// <summary>Moves a lane's head to <c>failed</c> so that the lane goes on. A head that is running is left alone (false).</summary>
    Task<bool> SkipHeadAsync(string lane, CancellationToken ct);

    /// <summary>Moves every job of a lane that is not running to <c>failed</c>.</summary>
    /// <returns>How many jobs that were.</returns>
    Task<int> DropLaneAsync(string lane, CancellationToken ct);

    /// <summary>Deletes a job that is not running; its id stays known, so it is not enqueued again by accident.</summary>
    Task<bool> RemoveAsync(string id, CancellationToken ct);

    /// <summary>Stops new claims of a queue's jobs, across restarts, until it is resumed. Running jobs finish.</summary>
    Task PauseAsync(string queue, CancellationToken ct);

    Task ResumeAsync(string queue, CancellationToken ct);

    /// <summary>Deletes finished jobs that are older than <paramref name="keepFor"/> or not among the newest <paramref name="keepCount"/> of their queue.</summary>
    /// <param name="state"><see cref="JobState.Completed"/> or <see cref="JobState.Failed"/>.</param>
    /// <returns>How many were deleted. Their ids stay known for the store's dedupe time.</returns>
    Task<int> CleanAsync(JobState state, TimeSpan keepFor, int keepCount, CancellationToken ct);

    /// <summary>Makes lanes and jobs agree again, and takes back runs whose owner is certainly gone.</summary>
    /// <returns>How many lanes were mended.</returns>
    Task<int> RepairAsync(CancellationToken ct);

    /// <summary>What is known of each id, in the order asked.</summary>
    Task<IReadOnlyList<JobStanding>> StandingAsync(IReadOnlyList<string> ids, CancellationToken ct);

    /// <summary>Sets up a schedule or replaces it; the ticks already fired stay remembered.</summary>
    Task UpsertScheduleAsync(JobSchedule schedule, CancellationToken ct);

    /// <returns>False if there was none.</returns>
    Task<bool> RemoveScheduleAsync(string id, CancellationToken ct);

    Task<IReadOnlyList<JobScheduleState>> SchedulesAsync(CancellationToken ct);

    /// <summary>Enqueues a tick's job and remembers the tick, whatever the number of workers that try.</summary>
    /// <returns>False if the schedule is gone, or this tick or a later one was fired already.</returns>
    Task<bool> FireAsync(string scheduleId, DateTimeOffset tick, JobRequest job, CancellationToken ct);

    /// <summary>When the next delay or lease ends, or null: the one time a worker has to wake by itself.</summary>
    Task<DateTimeOffset?> NextDueAsync(CancellationToken ct);

    /// <summary>Raised when another process may have made a job ready, or when what it told us may have been missed.</summary>
    event Action? Woken;

    /// <summary>Raised when schedules were set up or removed, by any process.</summary>
    event Action? SchedulesChanged;
}
