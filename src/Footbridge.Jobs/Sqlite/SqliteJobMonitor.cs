using Microsoft.Data.Sqlite;
using static Footbridge.Jobs.Sqlite.SqliteJobSchema;

namespace Footbridge.Jobs.Sqlite;

/// <summary>Reads the embedded broker's tables beside the writer.</summary>
internal sealed class SqliteJobMonitor(SqliteDatabase database, TimeProvider time, JobRates rates) : IJobMonitor
{
    private const string Columns =
        "allowed, first_delay, max_delay, wait_limit, id, queue, lane, state, at, attempts, progress, created, started, finished, error, "
        + "queue IN (SELECT queue FROM job_paused)";

    public Task<IReadOnlyList<QueueStatus>> QueuesAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<QueueStatus>>(database.Read(Queues));
    }

    public Task<IReadOnlyList<JobSummary>> JobsAsync(JobState state, string? queue, int skip, int take, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var now = Now();
        var (where, order) = state switch
        {
            JobState.Waiting => ("state = 0 AND at <= ?4 AND queue NOT IN (SELECT queue FROM job_paused)", "at, queue, seq"),
            JobState.Paused => ("state = 0 AND at <= ?4 AND queue IN (SELECT queue FROM job_paused)", "at, queue, seq"),
            JobState.Delayed => ("state = 0 AND at > ?4", "at, queue, seq"),
            JobState.Active => ("state = 1", "at, queue, seq"),
            JobState.Completed => ("state = 2", "at DESC, queue DESC, seq DESC"),
            _ => ("state = 3", "at DESC, queue DESC, seq DESC"),
        };
        var sql = $"SELECT {Columns} FROM jobs WHERE {where} AND (?1 IS NULL OR queue = ?1) ORDER BY {order} LIMIT ?3 OFFSET ?2";
        return Task.FromResult<IReadOnlyList<JobSummary>>(database.Read(
            connection => connection.Query(sql, row => Summary(row, now), queue, skip, take, now)));
    }

    public Task<JobDetails?> JobAsync(string id, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var now = Now();
        return Task.FromResult(database.Read(connection =>
        {
            var job = connection.QueryFirst(
                $"SELECT {Columns}, owner, stack, COALESCE(payload, (SELECT payload FROM job_payloads p WHERE p.seq = jobs.seq)) FROM jobs WHERE id = ?1",
                row => new JobDetails(Summary(row, now), SqliteJobStore.Policy(row), row.GetFieldValue<byte[]>(18))
                {
                    Owner = Text(row, 16),
                    Stack = Text(row, 17),
                },
                id);
            return job is null ? null : job with { Log = Log(connection, id) };
        }));
    }

    public Task<IReadOnlyList<BlockedLane>> BlockedLanesAsync(int take, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<BlockedLane>>(database.Read(connection => connection.Query(
            """
            SELECT l.name, j.id, j.queue, l.state, l.at, (SELECT COUNT(*) FROM jobs x WHERE x.lane = l.name AND x.pos IS NOT NULL),
                COALESCE(j.started, j.created), j.error, j.attempts, j.allowed
            FROM job_lanes l JOIN jobs j ON j.seq = l.head
            WHERE l.state IN (2, 3) ORDER BY j.created LIMIT ?1
            """,
            Blocked, take)));
    }

    public Task<IReadOnlyList<JobSummary>> LaneAsync(string lane, int take, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var now = Now();
        return Task.FromResult<IReadOnlyList<JobSummary>>(database.Read(connection => connection.Query(
            $"SELECT {Columns} FROM jobs WHERE lane = ?1 AND pos IS NOT NULL ORDER BY pos LIMIT ?2", row => Summary(row, now), lane, take)));
    }

    public Task<IReadOnlyList<QueueRates>> RatesAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(rates.At(Now()));
    }

    private static BlockedLane Blocked(SqliteDataReader row)
    {
        var isDelayed = row.GetInt32(3) == LaneDelayed;
        return new(
            row.GetString(0), row.GetString(1), row.GetString(2), isDelayed ? JobState.Delayed : JobState.Paused, isDelayed ? Time(row, 4) : null,
            row.GetInt64(5), Time(row, 6)!.Value, Text(row, 7))
        {
            Attempts = row.GetInt32(8),
            AttemptsAllowed = row.GetInt32(9),
        };
    }

    private List<QueueStatus> Queues(SqliteConnection connection)
    {
        var now = Now();
        var paused = connection.Query("SELECT queue FROM job_paused", row => row.GetString(0)).ToHashSet();
        var found = paused.ToDictionary(queue => queue, _ => (Counts: new Dictionary<JobState, long>(), Oldest: (TimeSpan?)null));
        var rows = connection.Query(
            "SELECT queue, state, at > ?1 AND state = 0, COUNT(*), MIN(at) FROM jobs GROUP BY queue, state, at > ?1 AND state = 0",
            row => (Queue: row.GetString(0), State: row.GetInt32(1), IsDelayed: row.GetBoolean(2), Count: row.GetInt64(3), Oldest: row.GetInt64(4)),
            now);
        foreach (var row in rows)
        {
            var state = State(row.State, row.IsDelayed, paused.Contains(row.Queue));
            var entry = found.TryGetValue(row.Queue, out var known) ? known : (Counts: [], Oldest: null);
            entry.Counts[state] = row.Count;
            if (state is JobState.Waiting or JobState.Paused) entry.Oldest = TimeSpan.FromMilliseconds(now - row.Oldest);
            found[row.Queue] = entry;
        }

        return [.. found.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => new QueueStatus(entry.Key, paused.Contains(entry.Key), entry.Value.Counts, entry.Value.Oldest))];
    }

    private static JobSummary Summary(SqliteDataReader row, long now)
    {
        var isDelayed = row.GetInt32(7) == Pending && row.GetInt64(8) > now;
        return new JobSummary
        {
            Id = row.GetString(4),
            Queue = row.GetString(5),
            Lane = row.GetString(6),
            State = State(row.GetInt32(7), isDelayed, row.GetBoolean(15)),
            DelayedUntil = isDelayed ? Time(row, 8) : null,
            Attempts = row.GetInt32(9),
            AttemptsAllowed = row.GetInt32(0),
            Progress = row.GetInt32(10),
            Created = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(11)),
            Started = Time(row, 12),
            Finished = Time(row, 13),
            Error = Text(row, 14),
        };
    }

    private static JobState State(int stored, bool isDelayed, bool isPaused) => stored switch
    {
        Active => JobState.Active,
        Completed => JobState.Completed,
        Failed => JobState.Failed,
        _ => isDelayed ? JobState.Delayed : isPaused ? JobState.Paused : JobState.Waiting,
    };

    private static List<(DateTimeOffset At, string Line)> Log(SqliteConnection connection, string id) =>
        connection.Query(
            "SELECT at, line FROM job_logs WHERE job = (SELECT seq FROM jobs WHERE id = ?1) ORDER BY n",
            row => (DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)), row.GetString(1)), id);

    private static DateTimeOffset? Time(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
