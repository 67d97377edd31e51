namespace Footbridge.Jobs;

/// <summary>How one run failed.</summary>
public enum JobFailureKind
{
    /// <summary>Counts as a try; waits exponentially longer each time; the last one fails the job.</summary>
    Backoff,

    /// <summary>Fails the job at once.</summary>
    Permanent,

    /// <summary>Waits as told and uses up no attempt, until <see cref="JobPolicy.RetryAfterLimit"/> has passed since the first start.</summary>
    RetryAfter,
}

/// <summary>What became of a failed job.</summary>
public enum JobFailureResult
{
    /// <summary>The ticket was no longer the current one; nothing was changed.</summary>
    Lost,

    /// <summary>The lane waits, and this job stays its head.</summary>
    WillRetry,

    /// <summary>The job is in <c>failed</c>; the lane went on.</summary>
    Failed,
}

/// <summary>One failed run, as it is reported to the store.</summary>
/// <param name="Error">One or a few lines for people.</param>
/// <param name="Stack">Where it happened, if known.</param>
/// <param name="At">When the run failed; decides whether <see cref="JobPolicy.RetryAfterLimit"/> has passed.</param>
public sealed record JobFailure(JobFailureKind Kind, string Error, string? Stack, DateTimeOffset At)
{
    /// <summary>The wait asked for; only for <see cref="JobFailureKind.RetryAfter"/>.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The wait before the next try, instead of the policy's; only for <see cref="JobFailureKind.Backoff"/>.</summary>
    public TimeSpan? OwnDelay { get; init; }

    /// <summary>The rule both the worker and every store follow: the wait before the next try, or null when this failure is final.</summary>
    public TimeSpan? NextDelay(JobPolicy policy, int attempt, DateTimeOffset firstStarted)
    {
        switch (Kind)
        {
            case JobFailureKind.Permanent:
                return null;
            case JobFailureKind.RetryAfter:
                // The last wait is cut short so that one try falls on the limit itself.
                var left = policy.RetryAfterLimit - (At - firstStarted);
                return left <= TimeSpan.Zero ? null : Max(TimeSpan.Zero, Delay < left ? Delay : left);
            default:
                return attempt >= policy.Attempts ? null : OwnDelay is { } own ? Max(TimeSpan.Zero, own) : Backoff(policy, attempt);
        }
    }

    private static TimeSpan Backoff(JobPolicy policy, int attempt)
    {
        var milliseconds = policy.FirstDelay.TotalMilliseconds * Math.Pow(2, Math.Max(0, attempt - 1));
        return milliseconds >= policy.MaxDelay.TotalMilliseconds ? policy.MaxDelay : TimeSpan.FromMilliseconds(milliseconds);
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
