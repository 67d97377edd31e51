namespace Footbridge.Jobs.Redis;

// What is enqueued by the clock, and what is known of an id.
public sealed partial class RedisJobStore
{
    public async Task<IReadOnlyList<JobStanding>> StandingAsync(IReadOnlyList<string> ids, CancellationToken ct)
    {
        var known = new List<JobStanding>(ids.Count);
        foreach (var chunk in ids.Chunk(MaxGroup))
        {
            var results = await RunAsync(RedisScripts.Standing, Repeat.Freely, [Clock(), .. chunk], ct);
            known.AddRange(Rows(results).Select(result => (JobStanding)(int)result));
        }

        return known;
    }

    public async Task UpsertScheduleAsync(JobSchedule schedule, CancellationToken ct)
    {
        JobScheduler.Check(schedule);
        await RunAsync(
            RedisScripts.ScheduleSet, Repeat.Freely,
            [
                Clock(), schedule.Id, schedule.Cron, schedule.TimeZone, schedule.Queue, schedule.Lane, schedule.Payload,
                schedule.Policy.ToText(), _self,
            ],
            ct);
        SchedulesChanged?.Invoke();
    }

    public async Task<bool> RemoveScheduleAsync(string id, CancellationToken ct)
    {
        var removed = await AskAsync(RedisScripts.ScheduleRemove, Repeat.Never, [Clock(), id, _self], ct);
        if (removed) SchedulesChanged?.Invoke();
        return removed;
    }

    public async Task<IReadOnlyList<JobScheduleState>> SchedulesAsync(CancellationToken ct)
    {
        var rows = Rows(await RunAsync(RedisScripts.Schedules, Repeat.Freely, [Clock()], ct));
        var states = rows.Select(row => new JobScheduleState(
            new((string)row[0]!, (string)row[1]!, (string)row[2]!, (string)row[3]!, (string)row[4]!, (byte[])row[5]!, RedisRows.Policy(row[6])),
            RedisRows.Time(row[7]),
            (string?)row[8] is "" ? null : RedisRows.Time(row[8])));
        return [.. states.OrderBy(state => state.Schedule.Id, StringComparer.Ordinal)];
    }

    public Task<bool> FireAsync(string scheduleId, DateTimeOffset tick, JobRequest job, CancellationToken ct)
    {
        job.Check();
        List<StackExchange.Redis.RedisValue> args = [Clock(), scheduleId, tick.ToUnixTimeMilliseconds()];
        RedisRows.Add(args, job);
        return AskAsync(RedisScripts.ScheduleFire, Repeat.Freely, args, ct);
    }
}
