using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.State;

namespace Footbridge.Server.Apps.Chatwoot.Scheduled;

/// <summary>Looks every few minutes whether the inbox is still as it was set up.</summary>
internal sealed class DriftJob(IDoctorGate doctor)
{
    public async Task RunAsync(JobContext job, CancellationToken ct) => await job.LogAsync(await doctor.LookForDriftAsync(ScheduledData.Read(job.Payload).App, ct), ct);
}
