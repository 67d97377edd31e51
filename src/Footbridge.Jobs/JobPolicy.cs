namespace Footbridge.Jobs;

/// <summary>How a job is tried again.</summary>
/// <param name="Attempts">Tries in all, the first included; at least 1.</param>
/// <param name="FirstDelay">Wait after the first failed try; it doubles with each further one.</param>
public sealed record JobPolicy(int Attempts, TimeSpan FirstDelay)
{
    /// <summary>Longest wait between two tries.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long <see cref="RetryAfterException"/> may keep a job waiting, from its first start, before it fails for good.</summary>
    public TimeSpan RetryAfterLimit { get; init; } = TimeSpan.FromHours(48);
}
