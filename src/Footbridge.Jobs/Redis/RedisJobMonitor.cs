using System.Globalization;
using StackExchange.Redis;

namespace Footbridge.Jobs.Redis;

/// <summary>Reads the lanes in Redis. Each answer is one script, so its parts agree with each other.</summary>
internal sealed class RedisJobMonitor(RedisJobStore store) : IJobMonitor
{
    // A page costs what it takes to read it and all before it; more than this nobody turns pages.
    private const int MaxRows = 10_000;

    public async Task<IReadOnlyList<QueueStatus>> QueuesAsync(CancellationToken ct)
    {
        var rows = RedisJobStore.Rows(await RunAsync(RedisScripts.BoardQueues, [], ct));
        var now = (long)rows[0];
        return [.. rows.Skip(1).Select(row => Queue(row, now)).Where(queue => queue.IsPaused || queue.Counts.Count > 0).OrderBy(queue => queue.Queue, StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<JobSummary>> JobsAsync(JobState state, string? queue, int skip, int take, CancellationToken ct)
    {
        var rows = await RunAsync(
            RedisScripts.BoardJobs, [Name(state), queue ?? "", Math.Clamp(skip, 0, MaxRows), Math.Clamp(take, 0, MaxRows)], ct);
        return Summaries(RedisJobStore.Rows(rows));
    }

    public async Task<JobDetails?> JobAsync(string id, CancellationToken ct)
    {
        var row = await RunAsync(RedisScripts.BoardJob, [id], ct);
        if (row.Length == 0) return null;
        var summary = RedisRows.Summary(row[2], (long)row[0], Names(row[1]));
        return new JobDetails(summary, RedisRows.Policy(row[2][3]), (byte[])row[5]!)
        {
            Owner = NullIfEmpty((string?)row[3]),
            Stack = NullIfEmpty((string?)row[4]),
            Log = [.. RedisJobStore.Rows(row[6]).Select(line => Line((string)line!))],
        };
    }

    public async Task<IReadOnlyList<BlockedLane>> BlockedLanesAsync(int take, CancellationToken ct)
    {
        var rows = await RunAsync(RedisScripts.BoardBlocked, [Math.Clamp(take, 0, MaxRows), MaxRows], ct);
        return [.. RedisJobStore.Rows(rows).Select(Blocked)];
    }

    public async Task<IReadOnlyList<JobSummary>> LaneAsync(string lane, int take, CancellationToken ct) =>
        Summaries(RedisJobStore.Rows(await RunAsync(RedisScripts.BoardLane, [lane, Math.Clamp(take, 0, MaxRows)], ct)));

    public async Task<IReadOnlyList<QueueRates>> RatesAsync(CancellationToken ct)
    {
        var rows = await RunAsync(RedisScripts.BoardRates, [], ct);
        return RedisRates.Read((long)rows[0], RedisJobStore.Rows(rows[1]));
    }

    private Task<RedisResult> RunAsync(RedisScript script, RedisValue[] args, CancellationToken ct) =>
        store.RunAsync(script, Repeat.Freely, [store.Clock(), .. args], ct);

    private static string Name(JobState state) => state switch
    {
        JobState.Waiting => "waiting",
        JobState.Paused => "paused",
        JobState.Delayed => "delayed",
        JobState.Active => "active",
        JobState.Completed => "completed",
        _ => "failed",
    };

    private static QueueStatus Queue(RedisResult row, long now)
    {
        var isPaused = (int)row[1] == 1;
        JobState[] states = [isPaused ? JobState.Paused : JobState.Waiting, JobState.Delayed, JobState.Active, JobState.Completed, JobState.Failed];
        var counts = states.Select((state, i) => (State: state, Count: (long)row[i + 2])).Where(count => count.Count > 0)
            .ToDictionary(count => count.State, count => count.Count);
        var oldest = (string?)row[7] is { Length: > 0 } since ? TimeSpan.FromMilliseconds(now - long.Parse(since, CultureInfo.InvariantCulture)) : (TimeSpan?)null;
        return new QueueStatus((string)row[0]!, isPaused, counts, oldest);
    }

    // The first two rows are the time and the paused queues.
    private static List<JobSummary> Summaries(RedisResult[] rows)
    {
        var (now, paused) = ((long)rows[0], Names(rows[1]));
        return [.. rows.Skip(2).Select(row => RedisRows.Summary(row, now, paused))];
    }

    private static BlockedLane Blocked(RedisResult row)
    {
        var job = RedisRows.Summary(row[0], 0, new HashSet<string>());
        var isDelayed = (string?)row[1] == "d";
        return new(
            job.Lane, job.Id, job.Queue, isDelayed ? JobState.Delayed : JobState.Paused, isDelayed ? job.DelayedUntil : null, (long)row[2],
            job.Started ?? job.Created, job.Error)
        {
            Attempts = job.Attempts,
            AttemptsAllowed = job.AttemptsAllowed,
        };
    }

    // log.lua writes the time in fifteen digits before the line.
    private static (DateTimeOffset At, string Line) Line(string text) =>
        (DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(text.AsSpan(0, 15), CultureInfo.InvariantCulture)), text[15..]);

    private static HashSet<string> Names(RedisResult names) => [.. RedisJobStore.Rows(names).Select(name => (string)name!)];

    private static string? NullIfEmpty(string? text) => text is "" ? null : text;
}
