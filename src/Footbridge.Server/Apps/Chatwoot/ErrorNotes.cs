using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.Scheduled;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Tasks;
using Footbridge.Server.Apps.Chatwoot.ToWhatsApp;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;
using Footbridge.Server.Storage;
using Footbridge.Server.Webhooks;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>A note on its way into Chatwoot.</summary>
/// <param name="Conversation">Null: the integration conversation.</param>
/// <param name="FailedMessage">The agent's message to mark as failed, if it is about one.</param>
internal sealed record NoteData(string App, string SourceId, long? Conversation, JsonObject Note, long? FailedMessage, string? Reason)
{
    /// <summary>What it is known by in the map, so that it can be marked when the thing it is about is done after all.</summary>
    public string? Key { get; init; }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, PayloadJson.Default.NoteData);

    public static NoteData Read(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize(bytes.Span, PayloadJson.Default.NoteData)!;
}

/// <summary>Reports a job that failed for good where the agent looks: a private note in its conversation, and the message marked as failed.</summary>
internal sealed class ErrorNotes(
    ChatwootApps apps, IntegrationPlace integration, IChatPlaces places, IJobState state, Queues queues, PullFailures pulls, Settings settings, ILogger<ErrorNotes> logger)
{
    private const int MaxExternalError = 200;

    public async Task HandleAsync(JobContext job, Exception error, bool isFinal, CancellationToken ct)
    {
        if (isFinal) await pulls.TakeAsync(job, error, ct);
        // A wait is no try: it is over when what it waits for is back, and nobody needs to know.
        var isTold = isFinal || (settings.TellsOfRetries && error is not RetryAfterException);
        if (!isTold || error is AppGoneException or WebhookGoneException) return;
        if (isFinal) logger.JobFailed(job.Id, job.Queue, error.GetType().Name);
        try
        {
            if (await NoteForAsync(job, error, isFinal, ct) is { } note) await DeliverOrWaitAsync(job, note, ct);
        }
        catch (AppGoneException e)
        {
            logger.NoteFailed(job.Id, e.Message);
        }
    }

    /// <summary>After a run that helped where another had failed: marks the note about that, if there is one, and says so in any case where agents are told of such things.</summary>
    public async Task RecoveredAsync(JobContext job, CancellationToken ct)
    {
        if (!IsReported(job) || (job.Runs == 1 && job.Queue != Queues.MessageUpdated)) return;
        var subject = await SubjectAsync(job, ct);
        var note = await state.ByWhatsAppAsync(subject.App, KeyOf(job, subject), ct);
        if (note is null && (!settings.TellsOfRetries || job.Attempt < 2)) return;
        if (note is not null) subject = subject with { Conversation = note.Conversation, Quoted = note.CwId };
        var words = (await apps.OpenAsync(subject.App, JobClass.Live, ct)).Words;
        var report = words.Say(Key.JobReportSucceeded, new { attempts = new { current = job.Attempt, max = job.AttemptsAllowed }, details = JobReference.Of(job, settings) });
        // By a job of its own: what goes wrong with the note must not do the job again.
        await state.AcceptAsync(DeliveryOf(new(subject.App, $"recovered_{job.Id}", subject.Conversation, NoteOf(subject, report), null, null)), ct);
    }

    /// <summary>What the note about a job is known by in the map. A message that is tried again is so by another job.</summary>
    private static string KeyOf(JobContext job, Subject subject) =>
        subject.Failing is { } message ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"note:{subject.Conversation}:{message}") : $"note:{job.Id}";

    private async Task DeliverOrWaitAsync(JobContext job, NoteData note, CancellationToken ct)
    {
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

    /// <summary>Has a note delivered by itself; the same one again changes nothing.</summary>
    public Task AcceptAsync(NoteData note, CancellationToken ct) => state.AcceptAsync(DeliveryOf(note), ct);

    /// <summary>A note as something to deliver by itself, when Chatwoot can take it.</summary>
    public Delivery DeliveryOf(NoteData note) =>
        new(new(note.SourceId, Queues.Notes, $"{note.App}/{note.SourceId}", note.Write(), queues.Retried), note.App, DeliveryDirection.ToChatwoot) { Conversation = note.Conversation };

    /// <summary>Writes a note once, whatever was done of it before.</summary>
    /// <param name="mayBeThere">Whether it may have been written before.</param>
    public async Task DeliverAsync(NoteData data, bool mayBeThere, CancellationToken ct)
    {
        var context = await apps.OpenAsync(data.App, JobClass.Live, ct);
        var conversation = data.Conversation ?? await integration.ConversationAsync(context, ct);
        try
        {
            var posted = await Lookback.SayOnceAsync(mayBeThere, context, conversation, data.SourceId, (JsonObject)data.Note.DeepClone(), ct);
            if (data.Key is { } key) await state.SaveMessageAsync(data.App, new(key, "", true, conversation, posted.Id, MessageMap.OfTheApp), ct);
        }
        catch (ChatwootException)
        {
            // Whatever it has against the note: that the message failed, with the reason, is to be seen on the message.
            await ShowFailedAsync(context, data, conversation, ct);
            throw;
        }

        await ShowFailedAsync(context, data, conversation, ct);
    }

    private async Task ShowFailedAsync(ChatwootContext context, NoteData data, long conversation, CancellationToken ct)
    {
        if (data.FailedMessage is not { } message) return;
        // First in our own map: the change of status comes back as a callback, which must find the failure there.
        if (await MarkFailedAsync(data.App, conversation, message, ct)) await context.Client.SetStatusAsync(conversation, message, "failed", data.Reason, ct);
    }

    /// <summary>Marks the parts that did not get out; false when all are on WhatsApp.</summary>
    private async Task<bool> MarkFailedAsync(string app, long conversation, long message, CancellationToken ct)
    {
        var parts = await state.ByChatwootAsync(app, conversation, message, ct);
        var unsent = parts.Count == 0 ? [MessageCreatedJob.IdOf(app, conversation, message)] : parts.Where(part => part.Ack < (int)AckLevel.Server).Select(part => part.WaId).ToList();
        foreach (var waId in unsent) await state.MarkFailedAsync(app, waId, conversation, message, ct);
        return unsent.Count > 0;
    }

    private async Task<NoteData?> NoteForAsync(JobContext job, Exception error, bool isFinal, CancellationToken ct)
    {
        if (!IsReported(job)) return null;
        var subject = await SubjectAsync(job, ct);
        var words = (await apps.OpenAsync(subject.App, JobClass.Live, ct)).Words;
        var report = words.Say(Key.JobReportError, new
        {
            header = (subject.IsOfAQueue ? $"{job.Queue}: " : "") + (subject.Header is { } header ? words.Say(header) : ErrorText.Short(error, words)),
            attempts = new { current = job.Attempt, max = job.AttemptsAllowed, nextDelay = isFinal ? null : Seconds(job.NextDelay, error) },
            details = JobReference.Of(job, settings),
            error = isFinal ? ErrorText.Of(error, words) : null,
        });
        // The message is marked as failed only when nothing is tried any more.
        var failed = isFinal ? subject.Failing : null;
        var reason = failed is null ? null : Cut(ErrorText.Short(error, words));
        return new(subject.App, isFinal ? $"note_{job.Id}" : $"note_{job.Id}_{job.Attempt}", subject.Conversation, NoteOf(subject, report), failed, reason)
        {
            Key = KeyOf(job, subject),
        };
    }

    private static bool IsReported(JobContext job) => Queues.All.Contains(job.Queue, StringComparer.Ordinal)
        && job.Queue is not (Queues.ContactPicture or Queues.MessageAck or Queues.GroupAck or Queues.PollVote or Queues.Group or Queues.Notes or Queues.ConversationCreated or Queues.ConversationStatus);

    private async Task<Subject> SubjectAsync(JobContext job, CancellationToken ct)
    {
        if (job.Queue is Queues.Cleanup or Queues.CheckVersion) return new(ScheduledData.Read(job.Payload).App, null, "incoming", Key.JobScheduledErrorHeader, null, null) { IsOfAQueue = true };
        if (job.Queue is Queues.ContactsPull or Queues.MessagesPull)
        {
            var task = TaskData.Read(job.Payload);
            return new(task.App, task.Conversation, task.IsIntegration ? "incoming" : "outgoing", null, null, null) { IsOfAQueue = true };
        }

        if (!job.Queue.StartsWith("chatwoot.inbox", StringComparison.Ordinal))
        {
            var told = EventData.Read(job.Payload);
            var isFromMe = told.Event.Payload["fromMe"]?.GetValue<bool>() ?? false;
            return new(told.App, (await places.FindAsync(told.App, ChatKey.Of(told.Event), ct))?.Conversation, isFromMe ? "outgoing" : "incoming", Key.WhatsAppMessageReceivingError, null, null);
        }

        var inbox = InboxData.Read(job.Payload);
        var (message, conversation) = (inbox.Body["id"]!.GetValue<long>(), inbox.Body["conversation"]!["id"]!.GetValue<long>());
        if (job.Queue == Queues.MessageDeleted) return new(inbox.App, conversation, "outgoing", Key.WhatsAppMessageRemovingError, message, null);
        return job.Queue == Queues.Commands
            ? new(inbox.App, conversation, "outgoing", null, message, null)
            : new(inbox.App, conversation, inbox.Body["message_type"]?.ToString() ?? "outgoing", Key.WhatsAppMessageSendingError, message, message);
    }

    private static JsonObject NoteOf(Subject subject, string report)
    {
        var note = new JsonObject { ["content"] = subject.Type == "outgoing" ? Liquid.Escape(report) : report, ["message_type"] = subject.Type, ["private"] = true };
        if (subject.Quoted is { } message) note["content_attributes"] = new JsonObject { ["in_reply_to"] = message };
        return note;
    }

    /// <summary>Never 0: that would read as the last try.</summary>
    private static long? Seconds(TimeSpan? delay, Exception error) =>
        (error is RetryInException own ? own.Delay : delay) is { } wait ? Math.Max(1, (long)Math.Round(wait.TotalSeconds)) : null;

    private static string Cut(string reason) => reason.Length > MaxExternalError ? reason[..MaxExternalError] : reason;

    /// <summary>What a report is about.</summary>
    /// <param name="Conversation">Null: the integration conversation.</param>
    /// <param name="Header">The key of what it says first; null: the error itself.</param>
    /// <param name="Quoted">The message it answers.</param>
    /// <param name="Failing">The agent's message that is marked as failed with the last try.</param>
    private sealed record Subject(string App, long? Conversation, string Type, string? Header, long? Quoted, long? Failing)
    {
        /// <summary>The queue is all there is to say what went wrong.</summary>
        public bool IsOfAQueue { get; init; }
    }
}

/// <summary>Writes a note that Chatwoot could not take when its job failed.</summary>
internal sealed class NoteJob(ErrorNotes notes, JobErrors errors)
{
    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => notes.DeliverAsync(NoteData.Read(job.Payload), mayBeThere: true, ct));
}
