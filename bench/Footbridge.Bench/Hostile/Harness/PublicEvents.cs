using Footbridge.Engine.Events;
using Footbridge.Server.Config;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;

namespace Footbridge.Bench.Hostile.Harness;

/// <summary>The way of an engine's event to those outside: it is made in the commit that the event belongs to, so nothing in it may throw.</summary>
internal static class PublicEvents
{
    private static readonly MeInfo Me = new("5511000000001@c.us", "100000000000001@lid", null, "Ana");
    private static readonly SessionEvents Events = new("default", new MediaLinks(Settings.From(_ => null)), () => Me);

    /// <summary>As it lies in the ledger, and as a webhook gets it.</summary>
    /// <returns>How many public events it becomes.</returns>
    public static int Check(EngineEvent engineEvent)
    {
        var count = 0;
        _ = EventChats.Of(engineEvent);
        foreach (var entry in Events.For(engineEvent))
        {
            if (Envelope.Write(Envelope.Of(PublicEvent.Read(entry.Event), null)).Length == 0) throw new InvalidOperationException("an event without content");
            count++;
        }

        return count;
    }
}
