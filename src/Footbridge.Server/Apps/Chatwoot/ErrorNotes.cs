using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Api.Jobs;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.ToWhatsApp;
using Footbridge.Server.Config;
using Footbridge.Server.Storage;
using Footbridge.Server.Webhooks;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>A note on its way into Chatwoot.</summary>
/// <param name="Conversation">Null: the integration conversation.</param>
/// <param name="FailedMessage">The agent's message to mark as failed, if it is about one.</param>
internal sealed record NoteData(string App, string SourceId, long? Conversation, JsonObject Note, long? FailedMessage, string? Reason)
{
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, PayloadJson.Default.NoteData);

    public static NoteData Read(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize(bytes.Span, PayloadJson.Default.NoteData)!;
}

/// <summary>Reports a job that failed for good where the agent looks: a private note in its conversation, and the message marked as failed.</summary>
internal sealed class ErrorNotes(
    ChatwootApps apps, ChatDirectory directory, IChatPlaces places, IJobState state, Queues queues, Settings settings, ILogger<ErrorNotes> logger)
{
    private const int MaxExternalError = 200;

    public async Task HandleAsync(JobContext job, Exception error, bool isFinal, CancellationToken ct)
    {
        if (!isFinal) return;
        if (error is AppGoneException or WebhookGoneException) return;
        logger.JobFailed(job.Id, job.Queue, error.GetType().Name);
        if (await NoteForAsync(job, error, ct) is not { } note) return;
        try
        {
            await DeliverAsync(note, job.Runs > 1, ct);
        }
        catch (ChatwootAwayException e)
        {
            // Chatwoot is the one that is away: the note waits for it as a job of its own.
            await state.AcceptAsync(DeliveryOf(note), ct);
            await job.LogAsync($"the note waits for Chatwoot: {e.Message}", ct);
        }
        catch (Exception e) when (e is ChatwootException or AppGoneException or AmbiguousContactException)
        {
            logger.NoteFailed(job.Id, e.Message);
            await job.LogAsync($"the note could not be written into Chatwoot: {e.Message}", ct);
        }
    }

    /// <summary>A note as something to deliver by itself, when Chatwoot can take it.</summary>
    public Delivery DeliveryOf(NoteData note) =>
        new(new(note.SourceId, Queues.Notes, $"{note.App}/{note.SourceId}", note.Write(), queues.Retried), note.App, DeliveryDirection.ToChatwoot) { Conversation = note.Conversation };

    /// <summary>Writes a note once, whatever was done of it before.</summary>
    /// <param name="mayBeThere">Whether it may have been written before.</param>
    public async Task DeliverAsync(NoteData data, bool mayBeThere, CancellationToken ct)
    {
        var context = await apps.OpenAsync(data.App, JobClass.Live, ct);
        var conversation = data.Conversation ?? await directory.IntegrationAsync(context, ct);
        await Lookback.SayOnceAsync(mayBeThere, context, conversation, data.SourceId, (JsonObject)data.Note.DeepClone(), ct);
        if (data.FailedMessage is not { } message) return;
        // First in our own map: the change of status comes back as a callback, which must find the failure there.
        await state.MarkFailedAsync(data.App, MessageCreatedJob.IdOf(data.App, conversation, message), conversation, message, ct);
        await context.Client.SetStatusAsync(conversation, message, "failed", data.Reason, ct);
    }

    private async Task<NoteData?> NoteForAsync(JobContext job, Exception error, CancellationToken ct)
    {
        if (!Queues.All.Contains(job.Queue, StringComparer.Ordinal)) return null; // not an app's
        if (job.Queue is Queues.MessageAck or Queues.Notes or Queues.ConversationCreated or Queues.ConversationStatus) return null;
        var sourceId = "note_" + job.Id;
        if (!job.Queue.StartsWith("chatwoot.inbox", StringComparison.Ordinal))
        {
            var told = EventData.Read(job.Payload);
            var isFromMe = told.Event.Payload["fromMe"]?.GetValue<bool>() ?? false;
            return new(told.App, sourceId, (await places.FindAsync(told.App, ChatKey.Of(told.Event), ct))?.Conversation, Note(Texts.ReceivingFailed, job, error, isFromMe ? "outgoing" : "incoming"), null, null);
        }

        var inbox = InboxData.Read(job.Payload);
        var (message, conversation) = (inbox.Body["id"]!.GetValue<long>(), inbox.Body["conversation"]!["id"]!.GetValue<long>());
        var isCommand = job.Queue == Queues.Commands;
        var note = Note(isCommand ? ErrorText.Short(error) : Texts.SendingFailed, job, error, isCommand ? "outgoing" : inbox.Body["message_type"]?.ToString() ?? "outgoing");
        note["content_attributes"] = new JsonObject { ["in_reply_to"] = message };
        var reason = ErrorText.Short(error);
        return new(inbox.App, sourceId, conversation, note, isCommand ? null : message, reason.Length > MaxExternalError ? reason[..MaxExternalError] : reason);
    }

    private JsonObject Note(string header, JobContext job, Exception error, string type)
    {
        var url = settings.PublicUrl + GetJob.PathOf(job.Queue, job.Id);
        var name = $"{Queues.ShownName(job.Queue)} => {job.Id}";
        return new() { ["content"] = Texts.Error(header, job.Attempt, job.AttemptsAllowed, name, url, ErrorText.Of(error)), ["message_type"] = type, ["private"] = true };
    }
}

/// <summary>Writes a note that Chatwoot could not take when its job failed.</summary>
internal sealed class NoteJob(ErrorNotes notes, JobErrors errors)
{
    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => notes.DeliverAsync(NoteData.Read(job.Payload), mayBeThere: true, ct));
}
