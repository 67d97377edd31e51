using System.Globalization;
using Microsoft.Data.Sqlite;
using static Footbridge.Jobs.Sqlite.SqliteJobSchema;

namespace Footbridge.Jobs.Sqlite;

/// <summary>The embedded broker: lanes in the SQLite file of the installation, one store per <see cref="SqliteDatabase"/>.</summary>
/// <remarks>
/// The file belongs to one process, so whatever was running when the store is opened has no owner any more and is taken back at
/// once. See docs/decisions/0001-lanes.md.
/// </remarks>
public sealed partial class SqliteJobStore : IJobStore
{
    private readonly SqliteDatabase _database;
    private readonly TimeProvider _time;
    private readonly SqliteJobStoreOptions _options;
    private readonly SqliteLanes _lanes;
    private readonly JobRates _rates = new();

    private SqliteJobStore(SqliteDatabase database, TimeProvider time, SqliteJobStoreOptions options, SqliteLanes lanes) =>
        (_database, _time, _options, _lanes) = (database, time, options, lanes);

    /// <summary>Creates the tables where needed, becomes their owner, and takes back what an earlier owner was running.</summary>
    public static async Task<SqliteJobStore> OpenAsync(
        SqliteDatabase database, TimeProvider time, SqliteJobStoreOptions? options, CancellationToken ct)
    {
        var settings = options ?? new SqliteJobStoreOptions();
        var lanes = await database.WriteAsync(
            connection =>
            {
                Create(connection);
                var generation = connection.QueryFirst(
                    "INSERT INTO job_meta(key, value) VALUES('generation', 1) ON CONFLICT(key) DO UPDATE SET value = value + 1 RETURNING value",
                    row => row.GetInt64(0));
                return new SqliteLanes(connection, generation, settings.MaxLostRuns);
            },
            ct);
        var store = new SqliteJobStore(database, time, settings, lanes);
        await store.RepairAsync(ct);
        return store;
    }

    /// <summary>Nobody but this process changes the jobs, so there is never news from elsewhere.</summary>
    public event Action? Woken
    {
        add { }
        remove { }
    }

    /// <summary>The read side of this store.</summary>
    public IJobMonitor OpenMonitor() => new SqliteJobMonitor(_database, _time, _rates);

    public Task<IReadOnlyList<JobEnqueued>> EnqueueAsync(IReadOnlyList<JobRequest> requests, CancellationToken ct)
    {
        foreach (var request in requests) request.Check();
        return _database.WriteAsync<IReadOnlyList<JobEnqueued>>(
            connection =>
            {
                var now = Now();
                var added = new JobEnqueued[requests.Count];
                for (var i = 0; i < added.Length; i++) added[i] = Add(connection, requests[i], now);
                return added;
            },
            ct);
    }

    public Task<IReadOnlyList<ClaimedJob>> ClaimAsync(string owner, JobSlots slots, TimeSpan lease, CancellationToken ct) =>
        _database.WriteAsync<IReadOnlyList<ClaimedJob>>(connection => Claim(connection, owner, slots, lease), ct);

    public Task<JobCompletion> CompleteAsync(JobTicket ticket, NextClaim? next, CancellationToken ct) =>
        _database.WriteAsync(
            connection =>
            {
                var now = Now();
                var done = connection.QueryFirst(
                    """
                    UPDATE jobs SET state = 2, at = ?3, finished = ?3, pos = NULL, token = NULL, lost = 0
                    WHERE id = ?1 AND token = ?2 RETURNING lane, queue
                    """,
                    row => new Finished(row.GetString(0), row.GetString(1)), ticket.Id, ticket.FencingToken, now);
                if (done is not null)
                {
                    _lanes.Settle(connection, done.Lane, now);
                    _rates.Count(done.Queue, isFailed: false, now);
                }

                var claimed = next is { } claim ? Claim(connection, claim.Owner, new JobSlots(1, claim.Bulk ? 1 : 0), claim.Lease) : [];
                return new JobCompletion(done is not null, claimed.Count > 0 ? claimed[0] : null);
            },
            ct);

    public Task<JobFailureResult> FailAsync(JobTicket ticket, JobFailure failure, CancellationToken ct) =>
        _database.WriteAsync(connection => Fail(connection, ticket, failure), ct);

    public Task<bool> ReleaseAsync(JobTicket ticket, CancellationToken ct) =>
        _database.WriteAsync(
            connection =>
            {
                var now = Now();
                var lane = connection.QueryFirst(
                    """
                    UPDATE jobs SET state = 0, at = ?3, token = NULL, attempts = attempts - 1, lost = 0
                    WHERE id = ?1 AND token = ?2 RETURNING lane
                    """,
                    Lane, ticket.Id, ticket.FencingToken, now);
                if (lane is not null) _lanes.Settle(connection, lane, now);
                return lane is not null;
            },
            ct);

    public Task<IReadOnlyList<bool>> RenewAsync(IReadOnlyList<JobTicket> tickets, TimeSpan lease, CancellationToken ct) =>
        _database.WriteAsync<IReadOnlyList<bool>>(
            connection =>
            {
                var until = Now() + WholeMilliseconds.Of(lease);
                var kept = new bool[tickets.Count];
                for (var i = 0; i < kept.Length; i++)
                {
                    kept[i] = connection.Execute(
                        "UPDATE job_lanes SET at = ?3 WHERE state = 1 AND name = (SELECT lane FROM jobs WHERE id = ?1 AND token = ?2)",
                        tickets[i].Id, tickets[i].FencingToken, until) > 0;
                }

                return kept;
            },
            ct);

    public Task<int> TakeBackAsync(string owner, CancellationToken ct) =>
        _database.WriteAsync(
            connection =>
            {
                var now = Now();
                var runs = connection.Query("SELECT seq, lane FROM jobs WHERE state = 1 AND owner = ?1", row => (Seq: row.GetInt64(0), Lane: row.GetString(1)), owner);
                foreach (var (seq, lane) in runs) _lanes.TakeBack(connection, seq, lane, now);
                return runs.Count;
            },
            ct);

    public Task<bool> ProgressAsync(JobTicket ticket, int percent, CancellationToken ct) =>
        _database.WriteAsync(
            connection => connection.Execute(
                "UPDATE jobs SET progress = ?3 WHERE id = ?1 AND token = ?2",
                ticket.Id, ticket.FencingToken, Math.Clamp(percent, 0, 100)) > 0,
            ct);

    public Task<DateTimeOffset?> NextDueAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult(_database.Read(connection => connection.QueryFirst<DateTimeOffset?>(
            """
            SELECT MIN(at) FROM (SELECT MIN(at) AS at FROM job_lanes WHERE state = 1
                                 UNION ALL SELECT MIN(at) FROM job_lanes WHERE state = 2)
            """,
            row => row.IsDBNull(0) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)))));
    }

    private JobEnqueued Add(SqliteConnection connection, JobRequest request, long now)
    {
        if (request.After is { } after && Standing(connection, request.Id) == JobStanding.Unknown && Standing(connection, after) == JobStanding.Unknown)
        {
            return JobEnqueued.Gap;
        }

        var seq = _lanes.NextPlace();
        var at = request.Delay is { } delay ? now + WholeMilliseconds.Of(delay) : now;
        var isInline = request.Payload.Length <= InlinePayloadBytes;
        var added = connection.Execute(
            """
            INSERT INTO jobs(seq, pos, id, queue, lane, state, at, created, allowed, first_delay, max_delay, wait_limit, payload, class, runs)
            SELECT ?1, ?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13 WHERE NOT EXISTS (SELECT 1 FROM job_seen WHERE id = ?2)
            ON CONFLICT(id) DO NOTHING
            """,
            seq, request.Id, request.Queue, request.Lane, at, now, request.Policy.Attempts, WholeMilliseconds.Of(request.Policy.FirstDelay),
            WholeMilliseconds.Of(request.Policy.MaxDelay), WholeMilliseconds.Of(request.Policy.RetryAfterLimit), isInline ? request.Payload.ToArray() : null,
            (int)request.Class, request.EarlierRuns);
        if (added == 0) return JobEnqueued.Known;
        if (!isInline) connection.Execute("INSERT INTO job_payloads(seq, payload) VALUES(?1, ?2)", seq, request.Payload.ToArray());
        _lanes.Open(connection, request, seq, (at, now));
        return JobEnqueued.Added;
    }

    private List<ClaimedJob> Claim(SqliteConnection connection, string owner, JobSlots slots, TimeSpan lease)
    {
        var now = Now();
        _lanes.Advance(connection, now);
        var ready = Ready(connection, LaneReady, slots.Total);
        if (Math.Min(slots.Total - ready.Count, slots.Bulk) is > 0 and var bulk) ready.AddRange(Ready(connection, LaneReadyBulk, bulk));
        var claimed = new List<ClaimedJob>(ready.Count);
        foreach (var (lane, head) in ready)
        {
            connection.Execute("UPDATE job_lanes SET state = 1, at = ?2 WHERE name = ?1", lane, now + WholeMilliseconds.Of(lease));
            if (Start(connection, head, owner, now) is { } job) claimed.Add(job);
            else _lanes.Settle(connection, lane, now); // a head deleted behind our back must not stop every claim
        }

        return claimed;
    }

    private static List<(string Lane, long Head)> Ready(SqliteConnection connection, int state, int max) => connection.Query(
        "SELECT name, head FROM job_lanes WHERE state = ?1 ORDER BY at LIMIT ?2", row => (row.GetString(0), row.GetInt64(1)), state, max);

    private ClaimedJob? Start(SqliteConnection connection, long seq, string owner, long now)
    {
        var token = _lanes.NextToken();
        return connection.QueryFirst(
            """
            UPDATE jobs SET state = 1, at = ?2, token = ?3, owner = ?4, attempts = attempts + 1, runs = runs + 1, progress = 0, started = ?2,
                first_started = COALESCE(first_started, ?2)
            WHERE seq = ?1
            RETURNING allowed, first_delay, max_delay, wait_limit, id, queue, lane, attempts, first_started, runs, class, created,
                COALESCE(payload, (SELECT payload FROM job_payloads p WHERE p.seq = jobs.seq))
            """,
            row => new ClaimedJob
            {
                Policy = Policy(row),
                Id = row.GetString(4),
                Queue = row.GetString(5),
                Lane = row.GetString(6),
                Attempt = row.GetInt32(7),
                FirstStarted = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(8)),
                Runs = row.GetInt32(9),
                Class = (JobClass)row.GetInt32(10),
                Created = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(11)),
                Payload = row.GetFieldValue<byte[]>(12),
                FencingToken = token,
            },
            seq, now, token, owner);
    }

    private JobFailureResult Fail(SqliteConnection connection, JobTicket ticket, JobFailure failure)
    {
        var now = Now();
        var job = connection.QueryFirst(
            """
            SELECT allowed, first_delay, max_delay, wait_limit, seq, lane, attempts, first_started
            FROM jobs WHERE id = ?1 AND token = ?2
            """,
            row => new Failing(
                Policy(row), row.GetInt64(4), row.GetString(5), row.GetInt32(6), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7))),
            ticket.Id, ticket.FencingToken);
        if (job is null) return JobFailureResult.Lost;
        var delay = failure.NextDelay(job.Policy, job.Attempts, job.FirstStarted);
        if (delay is { } wait)
        {
            var attempts = failure.Kind == JobFailureKind.RetryAfter ? job.Attempts - 1 : job.Attempts;
            connection.Execute(
                "UPDATE jobs SET state = 0, at = ?2, token = NULL, lost = 0, attempts = ?3, error = ?4, stack = ?5 WHERE seq = ?1",
                job.Seq, now + WholeMilliseconds.Of(wait), attempts, failure.Error, failure.Stack);
        }
        else
        {
            MarkFailed(connection, job.Seq, now, failure.Error, failure.Stack);
        }

        _lanes.Settle(connection, job.Lane, now);
        return delay is null ? JobFailureResult.Failed : JobFailureResult.WillRetry;
    }

    private void MarkFailed(SqliteConnection connection, long seq, long now, string error, string? stack)
    {
        var queue = connection.QueryFirst(
            """
            UPDATE jobs SET state = 3, at = ?2, finished = ?2, pos = NULL, token = NULL, lost = 0, error = ?3, stack = ?4 WHERE seq = ?1 RETURNING queue
            """,
            row => row.GetString(0), seq, now, error, stack);
        if (queue is not null) _rates.Count(queue, isFailed: true, now);
    }

    internal static JobPolicy Policy(SqliteDataReader row) => new(row.GetInt32(0), TimeSpan.FromMilliseconds(row.GetInt64(1)))
    {
        MaxDelay = TimeSpan.FromMilliseconds(row.GetInt64(2)),
        RetryAfterLimit = TimeSpan.FromMilliseconds(row.GetInt64(3)),
    };

    private static string Lane(SqliteDataReader row) => row.GetString(0);

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed record Finished(string Lane, string Queue);

    private sealed record Failing(JobPolicy Policy, long Seq, string Lane, int Attempts, DateTimeOffset FirstStarted);
}
