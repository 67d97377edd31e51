using Footbridge.Engine.Events;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Presence;

/// <summary>Who is doing what, as far as was heard since the start; forgets typing that nobody confirms. Thread-safe.</summary>
internal sealed class PresenceBook(TimeSpan typingLifetime, TimeProvider time, Action<PresenceUpdate> tell) : IDisposable
{
    private const int MaxChats = 5000;
    private readonly Lock _gate = new();
    private readonly Dictionary<Jid, Dictionary<Jid, Entry>> _chats = [];
    private bool _isDisposed;

    public IReadOnlyList<PresenceUpdate> Of(Jid chat)
    {
        lock (_gate) return _chats.TryGetValue(chat, out var people) ? [.. people.Values.Select(entry => entry.Update)] : [];
    }

    public IReadOnlyList<PresenceUpdate> All()
    {
        lock (_gate) return [.. _chats.Values.SelectMany(people => people.Values).Select(entry => entry.Update)];
    }

    /// <summary>The address that both of a person's addresses lead to.</summary>
    public static Jid KeyOf(Party party) => party.Phone ?? party.Address;

    public void Note(PresenceUpdate update)
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            if (_chats.Count >= MaxChats && !_chats.ContainsKey(KeyOf(update.Chat))) Clear();
            if (!_chats.TryGetValue(KeyOf(update.Chat), out var people)) _chats[KeyOf(update.Chat)] = people = [];
            if (people.Remove(KeyOf(update.Participant), out var former)) former.Expiry?.Dispose();
            var entry = new Entry(update);
            people[KeyOf(update.Participant)] = entry;
            if (update.Kind is PresenceKind.Typing or PresenceKind.Recording)
            {
                entry.Expiry = time.CreateTimer(_ => Expire(entry), null, typingLifetime, Timeout.InfiniteTimeSpan);
            }
        }

        tell(update);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Clear();
        }
    }

    private void Expire(Entry entry)
    {
        lock (_gate)
        {
            if (!_chats.TryGetValue(KeyOf(entry.Update.Chat), out var people) || people.GetValueOrDefault(KeyOf(entry.Update.Participant)) != entry) return;
        }

        Note(entry.Update with { Kind = PresenceKind.Paused });
    }

    private void Clear()
    {
        foreach (var entry in _chats.Values.SelectMany(people => people.Values)) entry.Expiry?.Dispose();
        _chats.Clear();
    }

    private sealed class Entry(PresenceUpdate update)
    {
        public PresenceUpdate Update { get; } = update;

        public ITimer? Expiry { get; set; }
    }
}
