using Footbridge.Engine.Events;
using Footbridge.Engine.Store;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Storage.Labels;

namespace Footbridge.Server.Storage;

/// <summary>One account's state in the shared database; its events go into the ledger and the projections in the same write.</summary>
internal sealed class SqliteDeviceStore(
    string account, SqliteDatabase database, Ledger ledger, IReadOnlyList<IEventProjection> projections, Func<EngineEvent, IEnumerable<LedgerEntry>> publish, TimeProvider time)
    : IDeviceStore
{
    public ValueTask<byte[]?> GetAsync(StateKind kind, string key, CancellationToken ct) => new(database.Read(connection => connection.QueryFirst(
        "SELECT value FROM device_state WHERE account = ?1 AND kind = ?2 AND key = ?3", row => row.GetFieldValue<byte[]>(0), account, (int)kind, key)));

    public ValueTask<IReadOnlyList<KeyValuePair<string, byte[]>>> ListAsync(StateKind kind, string prefix, int limit, CancellationToken ct) =>
        new(database.Read<IReadOnlyList<KeyValuePair<string, byte[]>>>(connection => connection.Query(
            "SELECT key, value FROM device_state WHERE account = ?1 AND kind = ?2 AND key >= ?3 AND key < ?4 ORDER BY key LIMIT ?5",
            row => KeyValuePair.Create(row.GetString(0), row.GetFieldValue<byte[]>(1)), account, (int)kind, prefix, prefix + "\U0010FFFF", limit)));

    public async Task CommitAsync(StoreBatch batch, CancellationToken ct)
    {
        var entries = batch.Events.SelectMany(publish).ToList();
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        await database.WriteAsync(connection =>
        {
            foreach (var (kind, key, value) in batch.Changes)
            {
                if (value is null)
                {
                    connection.Execute("DELETE FROM device_state WHERE account = ?1 AND kind = ?2 AND key = ?3", account, (int)kind, key);
                    continue;
                }

                connection.Execute(
                    "INSERT INTO device_state(account, kind, key, value, updated) VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET value = ?4, updated = ?5",
                    account, (int)kind, key, value, now);
            }

            foreach (var engineEvent in batch.Events)
            {
                foreach (var projection in projections) projection.Apply(connection, account, engineEvent);
            }

            foreach (var entry in entries) Ledger.Append(connection, entry);
        }, ct);
        foreach (var engineEvent in batch.Events)
        {
            foreach (var projection in projections) projection.Committed(account, engineEvent);
        }

        if (entries.Count > 0) ledger.Wake();
    }

    public Task EraseAsync(CancellationToken ct) =>
        database.WriteAsync(
            connection =>
            {
                connection.Execute("DELETE FROM device_state WHERE account = ?1", account);
                LabelTable.DeleteAll(connection, account);
            },
            ct);
}
