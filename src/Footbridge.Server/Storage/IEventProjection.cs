using Footbridge.Engine.Events;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Storage;

/// <summary>Keeps a view of an account's events, written in the same transaction as the state change that gave rise to them.</summary>
/// <remarks>
/// Runs on the writer's thread between everybody's writes: a few statements, nothing that waits. The same event may come again, and
/// must change nothing then. What it throws undoes the whole batch and ends the account's run, so content nobody foresaw is left out
/// and never thrown at.
/// </remarks>
internal interface IEventProjection
{
    void Apply(SqliteConnection connection, string account, EngineEvent engineEvent);

    /// <summary>The event and its view are durable. Must not wait.</summary>
    void Committed(string account, EngineEvent engineEvent)
    {
    }
}
