using Microsoft.Data.Sqlite;
using static Footbridge.Jobs.Sqlite.SqliteJobSchema;

namespace Footbridge.Jobs.Sqlite;

// What people and housekeeping do; the road of a job itself is in SqliteJobStore.cs.
public sealed partial class SqliteJobStore
{
    private const int MaxLogLines = 200;
    private const int MaxLogLineLength = 4000;
    private const int CleanChunk = 200;

    // Lanes that disagree with their jobs. None of this can come from a crash (every change is one transaction); it is the net
    // under mistakes, ours or somebody's with a SQL prompt.
    private const string BrokenLanes = """
        SELECT l.name FROM job_lanes l LEFT JOIN jobs j ON j.seq = l.head
        WHERE j.seq IS NULL OR j.pos IS NULL OR j.lane <> l.name OR (l.state = 1) <> (j.state = 1)
            OR (l.state <> 1 AND EXISTS (SELECT 1 FROM jobs x WHERE x.lane = l.name AND x.pos < j.pos))
            OR (l.state IN (0, 4) AND j.queue IN (SELECT queue FROM job_paused))
            OR (l.state = 3 AND j.queue NOT IN (SELECT queue FROM job_paused))
            OR (l.state IN (0, 4) AND (l.state = 4) <> (j.class = 1))
        UNION SELECT lane FROM jobs WHERE pos IS NOT NULL AND lane NOT IN (SELECT name FROM job_lanes)
        UNION SELECT lane FROM jobs WHERE state = 1 AND NOT EXISTS (SELECT 1 FROM job_lanes l WHERE l.head = seq AND l.name = jobs.lane)
        """;

    public Task<bool> LogAsync(string id, string line, CancellationToken ct)
    {
        var cut = line.Length <= MaxLogLineLength ? line : line[..MaxLogLineLength];
        return _database.WriteAsync(
            connection =>
            {
                var written = connection.Execute(
                    "INSERT INTO job_logs(job, at, line) SELECT seq, ?2, ?3 FROM jobs WHERE id = ?1", id, Now(), cut) > 0;
                connection.Execute(
                    """
                    DELETE FROM job_logs WHERE n IN (SELECT n FROM job_logs WHERE job = (SELECT seq FROM jobs WHERE id = ?1)
                        ORDER BY n DESC LIMIT -1 OFFSET ?2)
                    """,
                    id, MaxLogLines);
                return written;
            },
            ct);
    }

    public Task<bool> PromoteAsync(string id, CancellationToken ct) =>
        _database.WriteAsync(
            connection =>
            {
                var now = Now();
                var lane = connection.QueryFirst(
                    "UPDATE jobs SET at = ?2 WHERE id = ?1 AND state = 0 AND at > ?2 RETURNING lane", Lane, id, now);
                if (lane is not null) _lanes.SettleUnlessActive(connection, lane, now);
                return lane is not null;
            },
            ct);

    public Task<bool> RetryAsync(string id, bool atHead, CancellationToken ct) =>
        _database.WriteAsync(
            connection =>
            {
                var now = Now();
                var lane = connection.QueryFirst("SELECT lane FROM jobs WHERE id = ?1 AND state = 3", Lane, id);
                if (lane is null) return false;
                var place = atHead ? HeadPlace(connection, lane) : _lanes.NextPlace();
                connection.Execute(
                    """
                    UPDATE jobs SET state = 0, at = ?2, pos = ?3, attempts = 0, lost = 0, progress = 0, first_started = NULL, finished = NULL
                    WHERE id = ?1
                    """,
                    id, now, place);
                _lanes.SettleUnlessActive(connection, lane, now);
                return true;
            },
            ct);

    public Task<bool> SkipHeadAsync(string lane, CancellationToken ct) =>
        _database.WriteAsync(
            connection =>
            {
                var now = Now();
                var head = connection.QueryFirst<long?>(
                    "SELECT head FROM job_lanes WHERE name = ?1 AND state <> 1", row => row.GetInt64(0), lane);
                if (head is null) return false;
                MarkFailed(connection, head.Value, now, "skipped by an operator", null);
                _lanes.Settle(connection, lane, now);
                return true;
            },
            ct);

    public Task<int> DropLaneAsync(string lane, CancellationToken ct) =>
        _database.WriteAsync(
            connection =>
            {
                var now = Now();
                var jobs = connection.Query("SELECT seq FROM jobs WHERE lane = ?1 AND pos IS NOT NULL AND state <> 1", Seq, lane);
                foreach (var seq in jobs) MarkFailed(connection, seq, now, "dropped with its lane by an operator", null);
                if (jobs.Count > 0) _lanes.SettleUnlessActive(connection, lane, now);
                return jobs.Count;
            },
            ct);

    public Task<bool> RemoveAsync(string id, CancellationToken ct) =>
        _database.WriteAsync(
            connection =>
            {
                var job = connection.QueryFirst(
                    "SELECT seq, lane, pos IS NOT NULL FROM jobs WHERE id = ?1 AND state <> 1",
                    row => new Doomed(row.GetInt64(0), row.GetString(1), row.GetBoolean(2)), id);
                if (job is null) return false;
                var now = Now();
                Delete(connection, job.Seq, now);
                if (job.IsInLane) _lanes.SettleUnlessActive(connection, job.Lane, now);
                return true;
            },
            ct);

    public Task PauseAsync(string queue, CancellationToken ct) =>
        _database.WriteAsync(
            connection =>
            {
                connection.Execute("INSERT INTO job_paused(queue) VALUES(?1) ON CONFLICT DO NOTHING", queue);
                connection.Execute(
                    "UPDATE job_lanes SET state = 3 WHERE state IN (0, 4) AND (SELECT queue FROM jobs WHERE seq = head) = ?1", queue);
            },
            ct);

    public Task ResumeAsync(string queue, CancellationToken ct) =>
        _database.WriteAsync(
            connection =>
            {
                connection.Execute("DELETE FROM job_paused WHERE queue = ?1", queue);
                connection.Execute(
                    $"UPDATE job_lanes SET state = {ReadyState} WHERE state = 3 AND (SELECT queue FROM jobs WHERE seq = head) = ?1", queue);
            },
            ct);

    public async Task<int> CleanAsync(JobState state, TimeSpan keepFor, int keepCount, CancellationToken ct)
    {
        var stored = state switch
        {
            JobState.Completed => Completed,
            JobState.Failed => Failed,
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, "only finished jobs can be cleaned"),
        };
        var total = 0;
        // In small steps, so that other writers get their turn in between.
        while (true)
        {
            var deleted = await _database.WriteAsync(connection => CleanSome(connection, stored, keepFor, keepCount), ct);
            total += deleted;
            if (deleted == 0) break;
        }

        await _database.WriteAsync(connection => connection.Execute("DELETE FROM job_seen WHERE until <= ?1", Now()), ct);
        return total;
    }

    public async Task<int> RepairAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var suspects = _database.Read(connection =>
            connection.Query(BrokenLanes, Lane).Count
            + connection.QueryFirst("SELECT COUNT(*) FROM jobs WHERE state = 1 AND token < ?1", row => row.GetInt32(0), _lanes.FirstToken));
        return suspects == 0 ? 0 : await _database.WriteAsync(Repair, ct);
    }

    private int Repair(SqliteConnection connection)
    {
        var now = Now();
        var ownerless = connection.Query(
            "SELECT seq, lane FROM jobs WHERE state = 1 AND token < ?1", row => (Seq: row.GetInt64(0), Lane: row.GetString(1)), _lanes.FirstToken);
        foreach (var (seq, lane) in ownerless) _lanes.TakeBack(connection, seq, lane, now);

        var broken = connection.Query(BrokenLanes, Lane);
        foreach (var lane in broken)
        {
            connection.Execute("UPDATE jobs SET state = 0, at = ?2, token = NULL, attempts = attempts - 1 WHERE lane = ?1 AND state = 1", lane, now);
            _lanes.Settle(connection, lane, now);
        }

        return ownerless.Count + broken.Count;
    }

    // Behind a running job: the two swap, so that places stay distinct and the running one stays first.
    private static long HeadPlace(SqliteConnection connection, string lane)
    {
        var first = connection.QueryFirst<long?>(
            "SELECT pos FROM jobs WHERE lane = ?1 AND pos IS NOT NULL ORDER BY pos LIMIT 1", row => row.GetInt64(0), lane);
        if (first is null) return 0;
        var moved = connection.Execute("UPDATE jobs SET pos = pos - 1 WHERE lane = ?1 AND pos = ?2 AND state = 1", lane, first);
        return moved > 0 ? first.Value : first.Value - 1;
    }

    private int CleanSome(SqliteConnection connection, int state, TimeSpan keepFor, int keepCount)
    {
        var now = Now();
        var old = connection.Query(
            "SELECT seq FROM jobs WHERE state = ?1 AND at < ?2 ORDER BY at LIMIT ?3", Seq, state, now - WholeMilliseconds.Of(keepFor), CleanChunk);
        if (old.Count == 0)
        {
            foreach (var queue in connection.Query("SELECT queue FROM jobs WHERE state = ?1 GROUP BY queue HAVING COUNT(*) > ?2", row => row.GetString(0), state, keepCount))
            {
                old.AddRange(connection.Query(
                    "SELECT seq FROM jobs WHERE state = ?1 AND queue = ?2 ORDER BY at DESC, seq DESC LIMIT ?3 OFFSET ?4",
                    Seq, state, queue, CleanChunk, keepCount));
            }
        }

        foreach (var seq in old) Delete(connection, seq, now);
        return old.Count;
    }

    private void Delete(SqliteConnection connection, long seq, long now)
    {
        connection.Execute(
            "INSERT INTO job_seen(id, until) SELECT id, ?2 FROM jobs WHERE seq = ?1 ON CONFLICT(id) DO UPDATE SET until = excluded.until",
            seq, now + WholeMilliseconds.Of(_options.DedupeFor));
        connection.Execute("DELETE FROM job_logs WHERE job = ?1", seq);
        connection.Execute("DELETE FROM job_payloads WHERE seq = ?1", seq);
        connection.Execute("DELETE FROM jobs WHERE seq = ?1", seq);
    }

    private static long Seq(SqliteDataReader row) => row.GetInt64(0);

    private sealed record Doomed(long Seq, string Lane, bool IsInLane);
}
