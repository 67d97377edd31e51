using Footbridge.Engine.Events;
using Footbridge.Engine.Store;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Config;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Sessions;

/// <summary>What a session's engine keeps its state in, together with what the product makes of its events.</summary>
internal sealed class SessionStores(SqliteDatabase database, Ledger ledger, IEnumerable<IEventProjection> projections, SessionProfiles profiles, Settings settings, TimeProvider time)
{
    private readonly IEventProjection[] _projections = [.. projections];

    /// <param name="events">What is told of an event, unless the session ignores its chat.</param>
    public IDeviceStore Open(string session, SessionEvents events) =>
        new SqliteDeviceStore(session, database, ledger, _projections, e => IsIgnored(session, e) ? [] : events.For(e), time);

    private bool IsIgnored(string session, EngineEvent e) => EventChats.Of(e) is { } chat && profiles.Of(session).Ignore.Covers(chat, settings.Ignore);
}
