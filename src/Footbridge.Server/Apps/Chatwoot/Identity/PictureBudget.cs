using System.Collections.Concurrent;
using Footbridge.Server.Config;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>How many pictures a session asks WhatsApp for in an hour: clients that ask for many at once are slowed down, and worse.</summary>
internal sealed class PictureBudget(Settings settings, TimeProvider time)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, (int Taken, long Since)> _sessions = new(StringComparer.Ordinal);

    public bool Take(string session)
    {
        var now = time.GetTimestamp();
        var (taken, _) = _sessions.AddOrUpdate(session, _ => (1, now), (_, before) => time.GetElapsedTime(before.Since, now) >= Hour ? (1, now) : (before.Taken + 1, before.Since));
        return taken <= settings.PicturesPerHour;
    }
}
