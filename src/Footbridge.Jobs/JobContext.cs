namespace Footbridge.Jobs;

/// <summary>One run of one job, as its handler sees it.</summary>
public abstract class JobContext
{
    public required string Id { get; init; }

    public required string Queue { get; init; }

    public required string Lane { get; init; }

    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>This try's number, from 1.</summary>
    public required int Attempt { get; init; }

    public required int AttemptsAllowed { get; init; }

    /// <summary>The wait before the next try if this one fails without saying what is to become of the job; null on the last one.</summary>
    public required TimeSpan? NextDelay { get; init; }

    /// <summary>How often the job was started in all, this run included; more than 1: an earlier run may have had its effect.</summary>
    public required int Runs { get; init; }

    public required JobClass Class { get; init; }

    /// <summary>Appends a line to the job's own log (kept with the job, shown on its page).</summary>
    public abstract Task LogAsync(string line, CancellationToken ct);

    /// <summary>Records how far the job is, in percent, 0 to 100.</summary>
    public abstract Task ProgressAsync(int percent, CancellationToken ct);
}

/// <summary>Does the work of one queue. It may run twice for one job and must be harmless then.</summary>
public delegate Task JobHandler(JobContext job, CancellationToken ct);

/// <summary>Told after each successful run and before the broker is; must be quick. A crash in between runs the job again.</summary>
public delegate void JobDoneHandler(JobContext job);

/// <summary>Told after each failed run and before the lane moves on; <paramref name="isFinal"/> when the job is about to go to <c>failed</c>.</summary>
/// <remarks>With <see cref="RetryAfterException"/> it asks for the job to wait and to be run again instead.</remarks>
public delegate Task JobFailureHandler(JobContext job, Exception error, bool isFinal, CancellationToken ct);

/// <summary>What hears of a run's end besides the store.</summary>
public sealed record JobHooks
{
    /// <summary>After each failed run, before its lane moves on; its own failure is logged and kept with the job.</summary>
    public JobFailureHandler? Failed { get; init; }

    public JobDoneHandler? Done { get; init; }
}
