using Footbridge.Jobs;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Dashboard.Jobs;

/// <summary>What a job's page shows.</summary>
/// <param name="Details">Null: no job of this id is kept in this queue.</param>
/// <param name="Ledger">What the ledger knows of it, in a sentence; null when it knows nothing.</param>
public sealed record JobView(JobDetails? Details, JobPlace Place, IReadOnlyList<TrailStep> Trail, string? Ledger);

/// <summary>Reads one job for its page.</summary>
internal sealed class JobReader(IJobMonitor monitor, JobLinks links, Deliveries deliveries)
{
    public async Task<JobView> ReadAsync(string queue, string id, CancellationToken ct)
    {
        var (row, hops) = (deliveries.Find(id), deliveries.HopsOf(id));
        if (await monitor.JobAsync(id, ct) is { } job && job.Summary.Queue == queue) return new(job, links.Of(job), Trail.Of(job.Summary, hops), Sentence(row));
        return new(null, JobPlace.Unknown, [.. hops.Select(hop => new TrailStep(hop.At, Trail.Text(hop.Kind, hop.Attempt, hop.Text), Trail.KindOf(hop.Kind)))], Sentence(row));
    }

    private static string? Sentence(DeliveryRow? row) => row is null ? null
        : row.State == DeliveryState.Pending ? $"Received {Frame.Say.Moment(row.ReceivedAt)}, on its way."
        : $"Received {Frame.Say.Moment(row.ReceivedAt)}, {row.State.ToString().ToLowerInvariant()} {Frame.Say.Moment(row.SettledAt)} after {row.Attempts} {(row.Attempts == 1 ? "attempt" : "attempts")}{(row.Reason is null ? "" : $": {row.Reason}")}.";
}
