using Footbridge.Jobs;
using Footbridge.Server.Api.Jobs;
using Footbridge.Server.Config;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>A job as texts name it: its queue and id, and where its page is.</summary>
internal sealed record JobReference(string Text, string Url)
{
    public static JobReference Of(JobContext job, Settings settings) => new($"{Queues.ShownName(job.Queue)} => {job.Id}", settings.PublicUrl + GetJob.PathOf(job.Queue, job.Id));
}
