using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.Identity;

namespace Footbridge.Server.Apps.Chatwoot.ToWhatsApp;

/// <summary>A contact got another conversation, or one of a status that may not count: where the contact's messages go is looked up anew.</summary>
internal sealed class ConversationChangedJob(ChatDirectory directory)
{
    public async Task RunAsync(JobContext job, CancellationToken ct)
    {
        var data = InboxData.Read(job.Payload);
        if (data.Body["meta"]?["sender"]?["id"]?.GetValue<long>() is not { } contact) return;
        var kept = job.Queue == Queues.ConversationCreated ? data.Body["id"]?.GetValue<long>() : null;
        await directory.ForgetContactAsync(data.App, contact, kept, ct);
    }
}
