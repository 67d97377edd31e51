namespace Footbridge.Jobs.Redis;

/// <summary>How patient the connection is.</summary>
public sealed class RedisConnectionOptions
{
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for one answer, the time without a connection included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan ReconnectEvery { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long an operation that may be repeated is tried in all before <see cref="BrokerUnavailableException"/>.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Opens also while nobody answers: whoever uses it meanwhile gets <see cref="BrokerUnavailableException"/>.</summary>
    public bool MayStartLater { get; init; }
}
