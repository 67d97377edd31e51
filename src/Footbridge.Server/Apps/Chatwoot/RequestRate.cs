namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>How many requests were made of late; not for use from several threads at once.</summary>
internal sealed class RequestRate(TimeProvider time)
{
    /// <summary>Chatwoot's limits are per minute.</summary>
    private const int Seconds = 60;

    private readonly int[] _counts = new int[Seconds];
    private long _second;

    public void Count()
    {
        MoveTo(Now());
        _counts[_second % Seconds]++;
    }

    /// <summary>The mean over the last minute.</summary>
    public double PerSecond()
    {
        MoveTo(Now());
        return _counts.Sum() / (double)Seconds;
    }

    private void MoveTo(long now)
    {
        if (now - _second >= Seconds) Array.Clear(_counts);
        else for (var second = _second + 1; second <= now; second++) _counts[second % Seconds] = 0;
        _second = Math.Max(_second, now);
    }

    private long Now() => time.GetUtcNow().ToUnixTimeSeconds();
}
