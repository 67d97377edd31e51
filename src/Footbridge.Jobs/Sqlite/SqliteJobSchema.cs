using Microsoft.Data.Sqlite;

namespace Footbridge.Jobs.Sqlite;

/// <summary>The broker's tables. They live beside the server's own in one file, all with the prefix <c>job</c>.</summary>
internal static class SqliteJobSchema
{
    // States in jobs.state. "Delayed" and "paused" are not stored: a pending job is delayed while `at` lies ahead, else
    // paused while its queue is in job_paused, so that promoting and pausing touch no job rows.
    public const int Pending = 0;
    public const int Active = 1;
    public const int Completed = 2;
    public const int Failed = 3;

    // States in job_lanes.state, with the meaning of job_lanes.at: turn, lease end, due time, old turn.
    public const int LaneReady = 0;
    public const int LaneActive = 1;
    public const int LaneDelayed = 2;
    public const int LanePaused = 3;
    public const int LaneReadyBulk = 4;

    /// <summary>SQL: the state of a ready lane, by the class of its head, <c>head</c> being the column at hand.</summary>
    public const string ReadyState = "CASE (SELECT class FROM jobs WHERE seq = head) WHEN 1 THEN 4 ELSE 0 END";

    /// <summary>Larger payloads lie in a table of their own, or each change of state would write them again.</summary>
    public const int InlinePayloadBytes = 2048;

    // jobs.at: pending: may start from; active: started; finished: finished. Times are Unix milliseconds.
    // jobs.pos: place in the lane; null once finished. job_seen: ids of deleted jobs, still duplicates until then.
    private const string Tables = """
        CREATE TABLE IF NOT EXISTS jobs(
            seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, queue TEXT NOT NULL, lane TEXT NOT NULL,
            state INTEGER NOT NULL, at INTEGER NOT NULL, pos INTEGER, token INTEGER, owner TEXT,
            attempts INTEGER NOT NULL DEFAULT 0, lost INTEGER NOT NULL DEFAULT 0, runs INTEGER NOT NULL DEFAULT 0, class INTEGER NOT NULL DEFAULT 0, progress INTEGER NOT NULL DEFAULT 0,
            allowed INTEGER NOT NULL, first_delay INTEGER NOT NULL, max_delay INTEGER NOT NULL, wait_limit INTEGER NOT NULL,
            created INTEGER NOT NULL, first_started INTEGER, started INTEGER, finished INTEGER,
            error TEXT, stack TEXT, payload BLOB);
        CREATE INDEX IF NOT EXISTS jobs_lane ON jobs(lane, pos) WHERE pos IS NOT NULL;
        CREATE INDEX IF NOT EXISTS jobs_board ON jobs(state, at, queue);
        CREATE TABLE IF NOT EXISTS job_payloads(seq INTEGER PRIMARY KEY, payload BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS job_lanes(
            name TEXT PRIMARY KEY, state INTEGER NOT NULL, at INTEGER NOT NULL, head INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS job_lanes_turn ON job_lanes(state, at);
        CREATE TABLE IF NOT EXISTS job_paused(queue TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS job_logs(n INTEGER PRIMARY KEY, job INTEGER NOT NULL, at INTEGER NOT NULL, line TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS job_logs_job ON job_logs(job, n);
        CREATE TABLE IF NOT EXISTS job_seen(id TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS job_seen_until ON job_seen(until);
        CREATE TABLE IF NOT EXISTS job_schedules(
            id TEXT PRIMARY KEY, cron TEXT NOT NULL, zone TEXT NOT NULL, queue TEXT NOT NULL, lane TEXT NOT NULL, payload BLOB NOT NULL,
            allowed INTEGER NOT NULL, first_delay INTEGER NOT NULL, max_delay INTEGER NOT NULL, wait_limit INTEGER NOT NULL,
            created INTEGER NOT NULL, last_tick INTEGER) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS job_meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        """;

    // Columns that files of earlier versions lack.
    private static readonly string[] AddedColumns = ["runs", "class"];

    public static void Create(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Tables;
        command.ExecuteNonQuery();
        foreach (var column in AddedColumns)
        {
            command.CommandText = $"SELECT COUNT(*) FROM pragma_table_info('jobs') WHERE name = '{column}'";
            if ((long)command.ExecuteScalar()! > 0) continue;
            command.CommandText = $"ALTER TABLE jobs ADD COLUMN {column} INTEGER NOT NULL DEFAULT 0";
            command.ExecuteNonQuery();
        }
    }
}
