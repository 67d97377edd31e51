using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.State;

namespace Footbridge.Server.Apps.Chatwoot.Tasks;

/// <summary>Ends an import of which a step has failed for good, so that another can begin.</summary>
internal sealed class PullFailures(IPullState pulls)
{
    public async Task TakeAsync(JobContext job, Exception error, CancellationToken ct)
    {
        if (job.Queue is not (Queues.MessagesPull or Queues.ContactsPull)) return;
        var (data, kind) = (TaskData.Read(job.Payload), job.Queue == Queues.MessagesPull ? MessagesPullJob.Kind : ContactsPullJob.Kind);
        if (await pulls.FindAsync(data.App, kind, ct) is not { } row || row.Id != data.Pull) return;
        var progress = JsonNode.Parse(row.Progress)!;
        progress["error"] = ErrorText.Short(error);
        await pulls.SaveAsync(data.App, kind, data.Pull, new(progress.ToJsonString(), State: PullState.Failed), ct);
    }
}
