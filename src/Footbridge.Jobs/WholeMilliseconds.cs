namespace Footbridge.Jobs;

/// <summary>Waits as stores keep them.</summary>
internal static class WholeMilliseconds
{
    private const long Most = 10L * 365 * 24 * 3600 * 1000;

    /// <summary>Rounded up: a wait may be a little longer than asked for, never shorter; at most ten years.</summary>
    public static long Of(TimeSpan span) => Math.Clamp((long)Math.Ceiling(span.TotalMilliseconds), 0, Most);
}
