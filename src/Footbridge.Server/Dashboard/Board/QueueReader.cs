using Footbridge.Jobs;
using Footbridge.Server.Dashboard.Actions;

namespace Footbridge.Server.Dashboard.Board;

/// <summary>One page of one state of a queue.</summary>
/// <param name="Run">The last action on many jobs of this queue, under way or over.</param>
public sealed record QueueView(BoardQueue Queue, IReadOnlyList<JobSummary> Jobs, bool HasMore, BulkRun? Run);

/// <summary>Reads one queue for its page.</summary>
internal sealed class QueueReader(BoardReader board, IJobMonitor monitor, BulkRuns runs)
{
    public const int PageSize = 50;

    public async Task<QueueView> ReadAsync(string queue, JobState state, int page, CancellationToken ct)
    {
        var jobs = await monitor.JobsAsync(state, queue, page * PageSize, PageSize + 1, ct);
        return new(await board.ReadAsync(queue, ct), [.. jobs.Take(PageSize)], jobs.Count > PageSize, runs.Of(queue));
    }
}
