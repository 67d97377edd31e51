using Footbridge.Jobs;

namespace Footbridge.Server.Dashboard.Lanes;

/// <summary>The lanes that cannot go on now.</summary>
public sealed record LanesView(IReadOnlyList<BlockedLane> Lanes, DateTimeOffset Now);

/// <summary>One lane's open jobs in order, and what holds it, if anything does.</summary>
public sealed record LaneView(IReadOnlyList<JobSummary> Jobs, bool HasMore, BlockedLane? Blocked);

/// <summary>Reads lanes for their pages.</summary>
internal sealed class LaneReader(IJobMonitor monitor, TimeProvider time)
{
    public const int MaxLanes = 200;
    public const int MaxJobs = 200;

    public async Task<LanesView> ReadAsync(CancellationToken ct) => new(await monitor.BlockedLanesAsync(MaxLanes, ct), time.GetUtcNow());

    public async Task<LaneView> ReadAsync(string lane, CancellationToken ct)
    {
        var jobs = await monitor.LaneAsync(lane, MaxJobs + 1, ct);
        var head = jobs.FirstOrDefault();
        var blocked = head is { State: JobState.Delayed or JobState.Paused }
            ? new BlockedLane(lane, head.Id, head.Queue, head.State, head.DelayedUntil, jobs.Count, head.Started ?? head.Created, head.Error) { Attempts = head.Attempts, AttemptsAllowed = head.AttemptsAllowed }
            : null;
        return new([.. jobs.Take(MaxJobs)], jobs.Count > MaxJobs, blocked);
    }
}
