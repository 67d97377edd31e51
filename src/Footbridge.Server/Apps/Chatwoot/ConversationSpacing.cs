namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Spaces out what is posted into a conversation that Chatwoot has called full: it takes 200 messages a minute in each.</summary>
internal sealed class ConversationSpacing(TimeProvider time)
{
    private const int MaxRemembered = 1000;

    /// <summary>A little less than the limit allows.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(330);

    /// <summary>The limit counts a rolling minute: room comes back bit by bit.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);
    private readonly Lock _gate = new();
    private readonly Dictionary<(long Account, long Conversation), (DateTimeOffset Next, DateTimeOffset Until)> _full = [];

    /// <summary>Chatwoot refused a message because of its number; gives how long to wait.</summary>
    public TimeSpan Full(long account, long conversation)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_full.Count >= MaxRemembered) foreach (var (key, _) in _full.Where(entry => entry.Value.Until <= now).ToList()) _full.Remove(key);
            if (_full.Count < MaxRemembered) _full[(account, conversation)] = (now + Rest, now + Kept);
            return Rest;
        }
    }

    /// <summary>Takes the next place in a conversation; gives how long it is until then.</summary>
    public TimeSpan Take(long account, long conversation)
    {
        lock (_gate)
        {
            if (!_full.TryGetValue((account, conversation), out var entry)) return TimeSpan.Zero;
            var now = time.GetUtcNow();
            if (now >= entry.Until)
            {
                _full.Remove((account, conversation));
                return TimeSpan.Zero;
            }

            if (entry.Next <= now)
            {
                _full[(account, conversation)] = (now + Between, entry.Until);
                return TimeSpan.Zero;
            }

            return entry.Next - now;
        }
    }
}
