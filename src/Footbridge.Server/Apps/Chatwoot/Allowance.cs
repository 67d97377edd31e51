using System.Collections.Concurrent;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>So many of something in a while, for each session: WhatsApp watches how much a client asks for and tells.</summary>
internal sealed class Allowance(int most, TimeSpan period, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (int Taken, long Since)> _sessions = new(StringComparer.Ordinal);

    /// <summary>Takes one; false when all of this while are taken. A while begins with the first that is taken in it.</summary>
    public bool Take(string session)
    {
        var now = time.GetTimestamp();
        var (taken, _) = _sessions.AddOrUpdate(session, _ => (1, now), (_, before) => time.GetElapsedTime(before.Since, now) >= period ? (1, now) : (before.Taken + 1, before.Since));
        return taken <= most;
    }
}
