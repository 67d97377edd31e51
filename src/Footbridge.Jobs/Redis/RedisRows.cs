using System.Globalization;
using StackExchange.Redis;

namespace Footbridge.Jobs.Redis;

/// <summary>Between our records and what travels to and from the scripts.</summary>
internal static class RedisRows
{
    private const long MaxWaitMs = 10L * 365 * 24 * 3600 * 1000;

    /// <summary>Rounded up: a wait may be a little longer than asked for, never shorter.</summary>
    public static long Milliseconds(TimeSpan span) => Math.Clamp((long)Math.Ceiling(span.TotalMilliseconds), 0, MaxWaitMs);

    public static string Text(JobPolicy policy) => string.Create(
        CultureInfo.InvariantCulture,
        $"{policy.Attempts} {Milliseconds(policy.FirstDelay)} {Milliseconds(policy.MaxDelay)} {Milliseconds(policy.RetryAfterLimit)}");

    public static JobPolicy Policy(RedisResult text)
    {
        var numbers = ((string)text!).Split(' ');
        return new JobPolicy(int.Parse(numbers[0], CultureInfo.InvariantCulture), Span(numbers[1]))
        {
            MaxDelay = Span(numbers[2]),
            RetryAfterLimit = Span(numbers[3]),
        };
    }

    public static DateTimeOffset Time(RedisResult milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);

    /// <summary>The nine arguments of <c>adding.lua</c>.</summary>
    public static void Add(List<RedisValue> args, JobRequest job)
    {
        args.Add(job.Id);
        args.Add(job.Queue);
        args.Add(job.Lane);
        args.Add(Text(job.Policy));
        args.Add(job.Delay is { } delay ? Milliseconds(delay) : 0);
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

    private static TimeSpan Span(string milliseconds) => TimeSpan.FromMilliseconds(long.Parse(milliseconds, CultureInfo.InvariantCulture));
}
