using Microsoft.Data.Sqlite;
using static Footbridge.Jobs.Sqlite.SqliteJobSchema;

namespace Footbridge.Jobs.Sqlite;

/// <summary>The rules of lanes, on the writer's connection and thread: which job is the head, and whether it may run.</summary>
internal sealed class SqliteLanes
{
    private const string LaneIs =
        "INSERT INTO job_lanes(name, state, at, head) VALUES(?1, ?2, ?3, ?4) ON CONFLICT(name) DO UPDATE SET state = ?2, at = ?3, head = ?4";

    private readonly long _firstToken;
    private readonly int _maxLost;
    private long _place;
    private long _token;
    private long _turn;

    /// <param name="generation">Counts the openings of the store; makes fencing tokens unique over all of them.</param>
    /// <param name="maxLost">Runs in a row that may be lost with their worker before the job is given up.</param>
    public SqliteLanes(SqliteConnection connection, long generation, int maxLost)
    {
        _maxLost = maxLost;
        _firstToken = generation << 32;
        _token = _firstToken;
        _place = connection.QueryFirst(
            "SELECT MAX(COALESCE((SELECT MAX(seq) FROM jobs), 0), COALESCE((SELECT MAX(pos) FROM jobs WHERE pos IS NOT NULL), 0))", Int64);
        _turn = connection.QueryFirst("SELECT COALESCE(MAX(at), 0) FROM job_lanes WHERE state IN (0, 3, 4)", Int64);
    }

    /// <summary>Tokens below this one were given out by an owner that is gone.</summary>
    public long FirstToken => _firstToken;

    /// <summary>A place behind every job there is. Also used as the row number of new jobs.</summary>
    public long NextPlace() => ++_place;

    public long NextToken() => ++_token;

    public long NextTurn() => ++_turn;

    /// <summary>A new job opens its lane unless the lane has jobs already.</summary>
    public void Open(SqliteConnection connection, JobRequest job, long seq, (long At, long Now) time)
    {
        var isDelayed = time.At > time.Now;
        connection.Execute(
            """
            INSERT INTO job_lanes(name, state, at, head) VALUES(?1,
                CASE WHEN ?2 THEN 2 WHEN EXISTS (SELECT 1 FROM job_paused WHERE queue = ?3) THEN 3 WHEN ?6 = 1 THEN 4 ELSE 0 END, ?4, ?5)
            ON CONFLICT(name) DO NOTHING
            """,
            job.Lane, isDelayed, job.Queue, isDelayed ? time.At : NextTurn(), seq, (int)job.Class);
    }

    /// <summary>Finds the head of a lane nobody runs, and whether it may run; a lane without jobs is forgotten.</summary>
    public void Settle(SqliteConnection connection, string lane, long now)
    {
        var head = connection.QueryFirst(
            """
            SELECT seq, at, EXISTS (SELECT 1 FROM job_paused p WHERE p.queue = jobs.queue), class
            FROM jobs WHERE lane = ?1 AND pos IS NOT NULL ORDER BY pos LIMIT 1
            """,
            row => new Head(row.GetInt64(0), row.GetInt64(1), row.GetBoolean(2), (JobClass)row.GetInt32(3)), lane);
        if (head is null) connection.Execute("DELETE FROM job_lanes WHERE name = ?1", lane);
        else if (head.At > now) connection.Execute(LaneIs, lane, LaneDelayed, head.At, head.Seq);
        else connection.Execute(LaneIs, lane, head.IsPaused ? LanePaused : head.Class == JobClass.Bulk ? LaneReadyBulk : LaneReady, NextTurn(), head.Seq);
    }

    /// <summary>As <see cref="Settle"/>, but leaves a lane alone while its head is running.</summary>
    public void SettleUnlessActive(SqliteConnection connection, string lane, long now)
    {
        if (State(connection, lane) != LaneActive) Settle(connection, lane, now);
    }

    public static int? State(SqliteConnection connection, string lane) =>
        connection.QueryFirst<int?>("SELECT state FROM job_lanes WHERE name = ?1", row => row.GetInt32(0), lane);

    /// <summary>Makes lanes ready whose delay is over, and takes back runs whose lease ran out.</summary>
    public void Advance(SqliteConnection connection, long now)
    {
        connection.Execute(
            $"""
            UPDATE job_lanes SET at = ?1, state =
                CASE WHEN EXISTS (SELECT 1 FROM job_paused p JOIN jobs j ON j.queue = p.queue WHERE j.seq = head) THEN 3 ELSE {ReadyState} END
            WHERE state = 2 AND at <= ?2
            """,
            NextTurn(), now);
        var expired = connection.Query(
            "SELECT name, head FROM job_lanes WHERE state = 1 AND at <= ?1", row => (Lane: row.GetString(0), Head: row.GetInt64(1)), now);
        foreach (var (lane, head) in expired) TakeBack(connection, head, lane, now);
    }

    /// <summary>Ends a run whose worker is gone. It used up no attempt, but a job may not take its workers down for ever.</summary>
    public void TakeBack(SqliteConnection connection, long seq, string lane, long now)
    {
        connection.Execute(
            """
            UPDATE jobs SET token = NULL, at = ?2, lost = lost + 1, attempts = attempts - (lost + 1 < ?3),
                state = CASE WHEN lost + 1 < ?3 THEN 0 ELSE 3 END,
                pos = CASE WHEN lost + 1 < ?3 THEN pos END,
                finished = CASE WHEN lost + 1 < ?3 THEN NULL ELSE ?2 END,
                error = CASE WHEN lost + 1 < ?3 THEN error ELSE 'the worker was lost ' || (lost + 1) || ' times in a row while running this job' END
            WHERE seq = ?1 AND state = 1
            """,
            seq, now, _maxLost);
        Settle(connection, lane, now);
    }

    private static long Int64(SqliteDataReader row) => row.GetInt64(0);

    private sealed record Head(long Seq, long At, bool IsPaused, JobClass Class);
}
