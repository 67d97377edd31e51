using Microsoft.Data.Sqlite;

namespace Footbridge.Jobs.Sqlite;

// What is enqueued by the clock, and what is known of an id.
public sealed partial class SqliteJobStore
{
    public event Action? SchedulesChanged;

    public Task<IReadOnlyList<JobStanding>> StandingAsync(IReadOnlyList<string> ids, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<JobStanding>>(_database.Read(connection => ids.Select(id => Standing(connection, id)).ToArray()));
    }

    public async Task UpsertScheduleAsync(JobSchedule schedule, CancellationToken ct)
    {
        JobScheduler.Check(schedule);
        await _database.WriteAsync(
            connection => connection.Execute(
                """
                INSERT INTO job_schedules(id, cron, zone, queue, lane, payload, allowed, first_delay, max_delay, wait_limit, created)
                VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                ON CONFLICT(id) DO UPDATE SET cron = ?2, zone = ?3, queue = ?4, lane = ?5, payload = ?6, allowed = ?7, first_delay = ?8,
                    max_delay = ?9, wait_limit = ?10
                """,
                schedule.Id, schedule.Cron, schedule.TimeZone, schedule.Queue, schedule.Lane, schedule.Payload.ToArray(), schedule.Policy.Attempts,
                WholeMilliseconds.Of(schedule.Policy.FirstDelay), WholeMilliseconds.Of(schedule.Policy.MaxDelay), WholeMilliseconds.Of(schedule.Policy.RetryAfterLimit), Now()),
            ct);
        SchedulesChanged?.Invoke();
    }

    public async Task<bool> RemoveScheduleAsync(string id, CancellationToken ct)
    {
        var removed = await _database.WriteAsync(connection => connection.Execute("DELETE FROM job_schedules WHERE id = ?1", id), ct) > 0;
        if (removed) SchedulesChanged?.Invoke();
        return removed;
    }

    public Task<IReadOnlyList<JobScheduleState>> SchedulesAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<JobScheduleState>>(_database.Read(connection => connection.Query(
            "SELECT allowed, first_delay, max_delay, wait_limit, id, cron, zone, queue, lane, payload, created, last_tick FROM job_schedules ORDER BY id",
            row => new JobScheduleState(
                new(row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7), row.GetString(8), row.GetFieldValue<byte[]>(9), Policy(row)),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(10)),
                row.IsDBNull(11) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(11))))));
    }

    public Task<bool> FireAsync(string scheduleId, DateTimeOffset tick, JobRequest job, CancellationToken ct)
    {
        job.Check();
        return _database.WriteAsync(
            connection =>
            {
                var isNew = connection.Execute(
                    "UPDATE job_schedules SET last_tick = ?2 WHERE id = ?1 AND (last_tick IS NULL OR last_tick < ?2)",
                    scheduleId, tick.ToUnixTimeMilliseconds()) > 0;
                if (isNew) Add(connection, job, Now());
                return isNew;
            },
            ct);
    }

    private static JobStanding Standing(SqliteConnection connection, string id) =>
        connection.QueryFirst<int?>("SELECT state FROM jobs WHERE id = ?1", row => row.GetInt32(0), id) switch
        {
            null => connection.QueryFirst("SELECT EXISTS (SELECT 1 FROM job_seen WHERE id = ?1)", row => row.GetBoolean(0), id)
                ? JobStanding.Deleted : JobStanding.Unknown,
            SqliteJobSchema.Completed => JobStanding.Completed,
            SqliteJobSchema.Failed => JobStanding.Failed,
            _ => JobStanding.Open,
        };
}
