using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.State;

namespace Footbridge.Server.Apps.Chatwoot.ToWhatsApp;

/// <summary>A contact got another conversation, or one of a status that may not count: where the contact's messages go is looked up anew.</summary>
internal sealed class ConversationChangedJob(IChatPlaces places, JobErrors errors)
{
    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => ForgetAsync(job, ct));

    private async Task ForgetAsync(JobContext job, CancellationToken ct)
    {
        var data = InboxData.Read(job.Payload);
        if (data.Body["meta"]?["sender"]?["id"]?.GetValue<long>() is not { } contact) return;
        var kept = job.Queue == Queues.ConversationCreated ? data.Body["id"]?.GetValue<long>() : null;
        await places.ForgetContactAsync(data.App, contact, kept, ct);
    }
}
