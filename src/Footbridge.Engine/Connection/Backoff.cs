using System.Security.Cryptography;

namespace Footbridge.Engine.Connection;

/// <summary>Waits between connection attempts. Source: docs/protocol/timers.md.</summary>
internal static class Backoff
{
    private const int ManyFailures = 10;
    private const int JitterPercent = 20;
    private static readonly TimeSpan LongDelay = TimeSpan.FromMinutes(5);

    /// <summary>The n-th failure waits n steps, at most the maximum, and 5 minutes after ten failures; 20 % either way.</summary>
    public static TimeSpan Delay(int failures, WaClientOptions options)
    {
        var steps = options.ReconnectStep * failures;
        var capped = steps < options.ReconnectMaxDelay ? steps : options.ReconnectMaxDelay;
        var delay = failures > ManyFailures && options.ReconnectMaxDelay >= TimeSpan.FromMinutes(1) ? LongDelay : capped;
        return delay * (1 + RandomNumberGenerator.GetInt32(-JitterPercent, JitterPercent + 1) / 100.0);
    }
}
