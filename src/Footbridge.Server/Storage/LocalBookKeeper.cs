using Footbridge.Jobs.Sqlite;

namespace Footbridge.Server.Storage;

/// <summary>Writes lines into this process's database, all of one call in one write.</summary>
internal sealed class LocalBookKeeper(SqliteDatabase database, LaneTails tails) : IBookKeeper
{
    public Task WriteAsync(IReadOnlyList<BookEntry> entries, CancellationToken ct)
    {
        foreach (var entry in entries)
        {
            if (entry.End is { Lane: { } lane, State: DeliveryState.Delivered } end) tails.Done(lane, end.JobId);
        }

        return database.WriteAsync(
            connection =>
            {
                foreach (var entry in entries)
                {
                    if (entry.End is { } end) DeliveryTable.Settle(connection, end, entry.At);
                    if (entry.Hop is { } hop) DeliveryTable.AddHop(connection, hop.Job, hop.Kind, hop.Attempt, hop.Text, entry.At);
                }
            },
            ct);
    }
}
