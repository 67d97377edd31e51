using System.Globalization;
using StackExchange.Redis;

namespace Footbridge.Jobs.Redis;

/// <summary>Between our records and what travels to and from the scripts.</summary>
internal static class RedisRows
{
    public static JobPolicy Policy(RedisResult text) => JobPolicy.FromText((string)text!);

    public static DateTimeOffset Time(RedisResult milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);

    /// <summary>The nine arguments of <c>adding.lua</c>.</summary>
    public static void Add(List<RedisValue> args, JobRequest job)
    {
        args.Add(job.Id);
        args.Add(job.Queue);
        args.Add(job.Lane);
        args.Add(job.Policy.ToText());
        args.Add(job.Delay is { } delay ? WholeMilliseconds.Of(delay) : 0);
        args.Add((int)job.Class);
        args.Add(job.After ?? "");
        args.Add(job.EarlierRuns);
        args.Add(job.Payload);
    }

    /// <summary>What <c>claiming.lua</c> answers for one job.</summary>
    public static ClaimedJob Claimed(RedisResult row) => new()
    {
        Id = (string)row[0]!,
        Queue = (string)row[1]!,
        Lane = (string)row[2]!,
        Policy = Policy(row[3]),
        Class = (JobClass)(int)row[4],
        Attempt = (int)row[5],
        Runs = (int)row[6],
        FirstStarted = Time(row[7]),
        FencingToken = (long)row[8],
        Payload = (byte[])row[9]!,
        Created = Time(row[10]),
    };

    /// <summary>What <c>viewing.lua</c> answers for one job.</summary>
    public static JobSummary Summary(RedisResult row, long now, IReadOnlySet<string> paused)
    {
        var (queue, stored, at) = ((string)row[1]!, (int)row[4], (long)row[5]);
        var isDelayed = stored == 0 && at > now;
        return new JobSummary
        {
            Id = (string)row[0]!,
            Queue = queue,
            Lane = (string)row[2]!,
            AttemptsAllowed = Policy(row[3]).Attempts,
            State = stored switch
            {
                1 => JobState.Active,
                2 => JobState.Completed,
                3 => JobState.Failed,
                _ => isDelayed ? JobState.Delayed : paused.Contains(queue) ? JobState.Paused : JobState.Waiting,
            },
            DelayedUntil = isDelayed ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
            Attempts = (int)row[6],
            Progress = (int)row[7],
            Created = Time(row[8]),
            Started = TimeUnlessNever(row[9]),
            Finished = TimeUnlessNever(row[10]),
            Error = row[11].IsNull ? null : (string?)row[11],
        };
    }

    private static DateTimeOffset? TimeUnlessNever(RedisResult milliseconds) => (long)milliseconds == 0 ? null : Time(milliseconds);
}
