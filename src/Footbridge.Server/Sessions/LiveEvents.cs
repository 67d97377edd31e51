using System.Collections.Concurrent;
using Footbridge.Server.Sessions.Events;

namespace Footbridge.Server.Sessions;

/// <summary>An event as those get it who listen while it happens.</summary>
internal sealed class LiveEvent(PublicEvent publicEvent, SessionProfiles profiles)
{
    private readonly Lazy<byte[]> _bytes = new(() => Envelope.Write(Envelope.Of(publicEvent, profiles.Of(publicEvent.Session).Metadata)));

    public PublicEvent Event => publicEvent;

    public string Session => publicEvent.Session;

    public string Name => publicEvent.Event;

    /// <summary>The envelope; written once, however many want it.</summary>
    public byte[] Bytes => _bytes.Value;
}

/// <summary>Tells those who listen of every event once it is durable, in the ledger's order. Nobody is told of what was before.</summary>
internal sealed class LiveEvents(SessionProfiles profiles)
{
    private readonly ConcurrentDictionary<Listener, bool> _listeners = new();

    /// <param name="heard">Must be quick and must not throw: all events wait for it.</param>
    /// <returns>Dispose of it to hear no more.</returns>
    public IDisposable Listen(Action<LiveEvent> heard)
    {
        var listener = new Listener(this, heard);
        _listeners[listener] = true;
        return listener;
    }

    /// <summary>Tells of an event under each of its names.</summary>
    public void Publish(PublicEvent publicEvent)
    {
        if (_listeners.IsEmpty) return;
        foreach (var named in EventNames.Expand(publicEvent))
        {
            var live = new LiveEvent(named, profiles);
            foreach (var (listener, _) in _listeners) listener.Heard(live);
        }
    }

    private sealed class Listener(LiveEvents events, Action<LiveEvent> heard) : IDisposable
    {
        public Action<LiveEvent> Heard => heard;

        public void Dispose() => events._listeners.TryRemove(this, out _);
    }
}
