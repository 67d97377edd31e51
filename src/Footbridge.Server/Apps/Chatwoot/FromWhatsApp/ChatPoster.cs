using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>Posts what comes from WhatsApp into its conversation, once: finds the place, converts, links the reply, and notes which message is which.</summary>
internal sealed class ChatPoster(ChatDirectory directory, Quarantine quarantine, IChatPlaces places, IJobState state, EntryMarks marks, Lookback lookback, Decisions decisions)
{
    /// <summary>So many runs a post with files may break off for reasons of the network alone.</summary>
    private const int PatientRuns = 5;

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(100);

    /// <param name="mapId">What the entry is known by: the message's raw id, or that of a part or of something that happened to it.</param>
    /// <param name="convert">Called once it is known that the entry is not there yet.</param>
    public async Task PostAsync(Inbound message, string mapId, Func<ValueTask<ChatEntry>> convert, CancellationToken ct)
    {
        var (job, context, app, chat) = (message.Job, message.Context, message.Context.App.Id, ChatKey.Of(message.Event));
        if (await state.ByWhatsAppAsync(app, mapId, ct) is { } known)
        {
            decisions.Say(job, $"already there as message {known.CwId} in conversation {known.Conversation}", known.Conversation, known.CwId);
            return;
        }

        var conversation = message.Conversation ?? await ResolveAsync(message, ct);
        var entry = await convert();
        try
        {
            var (cwId, wasThere) = await PostAsync(message, conversation, mapId, entry, ct);
            var mapped = new MappedMessage(mapId, chat, message.IsFromMe, conversation, cwId, MessageMap.NoStatus) { Participant = message.Payload["participant"]?.ToString() };
            await state.SaveMessageAsync(app, mapped, ct);
            decisions.Say(job, $"{(wasThere ? "an earlier run had posted it" : "posted")} as message {cwId} in conversation {conversation}", conversation, cwId);
        }
        catch (ChatwootException error) when (error.Status == 404 && message.Conversation is null)
        {
            // The conversation was deleted: file the message anew on the next try.
            await places.ForgetAsync(app, chat, ct);
            throw new RetryAfterException(LookAgainAfter, "the conversation is gone; looking again", error);
        }
        finally
        {
            foreach (var file in entry.Files.Where(file => file.IsScratch)) File.Delete(file.Path);
        }
    }

    private async Task<long> ResolveAsync(Inbound message, CancellationToken ct)
    {
        try
        {
            return (await directory.ResolveAsync(message.Context, message.Event, ct)).Conversation;
        }
        catch (AmbiguousContactException e) when (!message.IsHistory)
        {
            throw await quarantine.HoldAsync(message.Context, e, ct);
        }
    }

    /// <summary>A text is never lost because of its file: one that Chatwoot does not take becomes a link.</summary>
    private async Task<Posted> PostAsync(Inbound message, long conversation, string mapId, ChatEntry entry, CancellationToken ct)
    {
        try
        {
            return await lookback.PostOnceAsync(message.Job, message.Context, conversation, mapId, await ShapeAsync(message, entry, ct), entry.Files, ct);
        }
        catch (Exception e) when (entry.Files.Count > 0 && IsAboutFiles(e, message.Job))
        {
            decisions.Say(message.Job, $"its file is posted as a link, because {e.Message}", conversation);
            return await lookback.PostInsteadAsync(message.Context, conversation, mapId, await ShapeAsync(message, FileNotes.Linked(message, entry), ct), ct);
        }
    }

    /// <summary>Refused for what it is; or broken off, or met by an error of Chatwoot's own, so often that the file must be the reason.</summary>
    private static bool IsAboutFiles(Exception error, JobContext job) => error switch
    {
        ChatwootException e => e.Status is 413 or 415 or 422,
        ChatwootAwayException { RetryAfter: null } e => e.IsInternalError ? job.Attempt >= job.AttemptsAllowed : job.Runs > PatientRuns,
        _ => false,
    };

    private async Task<JsonObject> ShapeAsync(Inbound message, ChatEntry entry, CancellationToken ct)
    {
        var isPrivate = entry.IsPrivate ?? (message.IsFromMe && !message.Context.Config.ShowsOwnAsMessages);
        var isNote = entry.IsPrivate == true;
        var attributes = new JsonObject();
        if (message.IsFromMe && !isPrivate) attributes["external_echo"] = true;
        if (entry.ReplyTo is { Length: > 0 } id && await state.ByWhatsAppAsync(message.Context.App.Id, id, ct) is { } target) attributes["in_reply_to"] = target.CwId;
        var content = await marks.ApplyAsync(message, entry, ct);
        return new()
        {
            ["content"] = isNote && !message.IsFromMe && content is not null ? Liquid.Escape(content) : content,
            // What is only for agents is outgoing: something incoming would open the conversation again.
            ["message_type"] = message.IsFromMe || isNote ? "outgoing" : "incoming",
            ["private"] = isPrivate,
            ["content_attributes"] = attributes,
            ["external_created_at"] = message.Payload["timestamp"]?.DeepClone(),
        };
    }
}
