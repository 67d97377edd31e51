using Footbridge.Jobs;

namespace Footbridge.Server.Dashboard.Jobs;

/// <summary>What a job's page shows.</summary>
/// <param name="Details">Null: no job of this id is kept in this queue.</param>
public sealed record JobView(JobDetails? Details, JobPlace Place, IReadOnlyList<TrailStep> Trail);

/// <summary>Reads one job for its page.</summary>
internal sealed class JobReader(IJobMonitor monitor, JobLinks links)
{
    public async Task<JobView> ReadAsync(string queue, string id, CancellationToken ct) =>
        await monitor.JobAsync(id, ct) is { } job && job.Summary.Queue == queue
            ? new(job, links.Of(job), Trail.Of(job))
            : new(null, JobPlace.Unknown, []);
}
