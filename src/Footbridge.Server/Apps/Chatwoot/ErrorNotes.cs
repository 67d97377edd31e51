using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.ToWhatsApp;
using Footbridge.Server.Config;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Reports a job that failed for good where the agent looks: a private note in its conversation, and the message marked as failed.</summary>
internal sealed class ErrorNotes(ChatwootApps apps, ChatDirectory directory, MessageMap map, Lookback lookback, Settings settings, ILogger<ErrorNotes> logger)
{
    private const int MaxExternalError = 200;

    public async Task HandleAsync(JobContext job, Exception error, bool isFinal, CancellationToken ct)
    {
        if (!isFinal) return;
        lookback.Forget(job.Id);
        if (error is AppGoneException) return;
        logger.JobFailed(job.Id, job.Queue, error.GetType().Name);
        try
        {
            if (job.Queue.StartsWith("chatwoot.inbox", StringComparison.Ordinal)) await ReportInboxAsync(job, error, ct);
            else await ReportWhatsAppAsync(job, error, ct);
        }
        catch (Exception e) when (e is ChatwootException or ChatwootAwayException or AppGoneException)
        {
            logger.NoteFailed(job.Id, e.Message);
            await job.LogAsync($"the note could not be written into Chatwoot: {e.Message}", ct);
        }
    }

    private async Task ReportInboxAsync(JobContext job, Exception error, CancellationToken ct)
    {
        var data = InboxData.Read(job.Payload);
        var context = apps.Open(data.App);
        var (cwId, conversation) = (data.Body["id"]!.GetValue<long>(), data.Body["conversation"]!["id"]!.GetValue<long>());
        var note = Note(Texts.SendingFailed, job, error);
        note["content_attributes"] = new JsonObject { ["in_reply_to"] = cwId };
        await context.Client.PostMessageAsync(conversation, note, ct);
        if (job.Queue == Queues.Commands) return;
        await map.MarkFailedAsync(data.App, MessageCreatedJob.IdOf(data.App, conversation, cwId), conversation, cwId, ct);
        var reason = error.Message.Split('\n')[0];
        await context.Client.SetStatusAsync(conversation, cwId, "failed", reason.Length > MaxExternalError ? reason[..MaxExternalError] : reason, ct);
    }

    private async Task ReportWhatsAppAsync(JobContext job, Exception error, CancellationToken ct)
    {
        var data = EventData.Read(job.Payload);
        if (job.Queue == Queues.MessageAck) return;
        var context = apps.Open(data.App);
        var conversation = directory.Known(data.App, ChatKey.Of(data.Event)) ?? await directory.IntegrationAsync(context, ct);
        await context.Client.PostMessageAsync(conversation, Note(Texts.ReceivingFailed, job, error), ct);
    }

    private JsonObject Note(string header, JobContext job, Exception error)
    {
        var link = $"{settings.PublicUrl}/jobs/queue/{Uri.EscapeDataString(job.Queue)}/{Uri.EscapeDataString(job.Id)}";
        var name = $"{job.Queue.Replace("chatwoot.", "", StringComparison.Ordinal).Replace("waha |", "whatsapp |", StringComparison.Ordinal)} => {job.Id}";
        var text = $"⚠️ **{header}**\n\nTry {job.Attempt} of {job.AttemptsAllowed}, no more retries.\nDetails: [{name}]({link})\n\n```\n{error.Message}\n```";
        return new() { ["content"] = text, ["message_type"] = "outgoing", ["private"] = true };
    }
}
