using Footbridge.Jobs;
using Footbridge.Jobs.Sqlite;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Storage;

/// <summary>A pending delivery's job.</summary>
/// <param name="WasQueued">Whether it was handed to the broker before.</param>
internal readonly record struct PendingJob(long Seq, JobRequest Job, bool WasQueued);

/// <summary>Reads the jobs of pending deliveries, a page at a time; a page holds at most <see cref="MaxBytes"/> of payload, or one job.</summary>
internal static class PendingJobs
{
    public const int MaxBytes = 8 * 1024 * 1024;

    private const string Columns = "seq, queued IS NOT NULL, job, queue, lane, class, policy, payload";

    /// <summary>A lane's jobs in order, behind a place in the ledger.</summary>
    public static IReadOnlyList<PendingJob> OfLane(SqliteDatabase database, string lane, long after, int take) => database.Read(c =>
    {
        var sizes = c.Query("SELECT seq, length(payload) FROM deliveries WHERE state = 0 AND lane = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3", Size, lane, after, take);
        return c.Query($"SELECT {Columns} FROM deliveries WHERE state = 0 AND lane = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq", Shape, lane, after, Last(sizes));
    });

    /// <summary>Jobs of any lane that were accepted and not yet handed over, up to a place in the ledger.</summary>
    public static IReadOnlyList<PendingJob> Accepted(SqliteDatabase database, long after, long upTo, int take) => database.Read(c =>
    {
        var sizes = c.Query(
            "SELECT seq, length(payload) FROM deliveries WHERE seq > ?1 AND seq <= ?2 AND +state = 0 AND queued IS NULL ORDER BY seq LIMIT ?3", Size, after, upTo, take);
        return sizes.Count == 0 ? [] : c.Query(
            $"SELECT {Columns} FROM deliveries WHERE seq > ?1 AND seq <= ?2 AND +state = 0 AND queued IS NULL ORDER BY seq", Shape, after, Last(sizes));
    });

    public static long LastSeq(SqliteDatabase database) =>
        database.Read(c => c.QueryFirst<long?>("SELECT MAX(seq) FROM deliveries", row => row.IsDBNull(0) ? null : row.GetInt64(0))) ?? 0;

    /// <summary>The last row that still fits.</summary>
    internal static long Last(IReadOnlyList<(long Seq, long Bytes)> sizes)
    {
        var (last, bytes) = (0L, 0L);
        foreach (var (seq, size) in sizes)
        {
            bytes += size;
            if (last > 0 && bytes > MaxBytes) break;
            last = seq;
        }

        return last;
    }

    internal static (long Seq, long Bytes) Size(SqliteDataReader row) => (row.GetInt64(0), row.IsDBNull(1) ? 0 : row.GetInt64(1));

    private static PendingJob Shape(SqliteDataReader row)
    {
        var (policy, delay) = DeliveryTable.Policy(row.GetString(6));
        var job = new JobRequest(row.GetString(2), row.GetString(3), row.GetString(4), row.GetFieldValue<byte[]>(7), policy, delay) { Class = (JobClass)row.GetInt32(5) };
        return new(row.GetInt64(0), job, row.GetBoolean(1));
    }
}
