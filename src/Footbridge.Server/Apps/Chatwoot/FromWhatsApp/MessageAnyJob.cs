using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>A WhatsApp message becomes a Chatwoot message, once.</summary>
internal sealed class MessageAnyJob(ChatwootApps apps, ChatDirectory directory, IChatPlaces places, IJobState state, Lookback lookback, MessageText texts, JobErrors errors, Decisions decisions)
{
    private const string WaitingSuffix = ":waiting";

    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => CarryAsync(job, EventData.Read(job.Payload), ct));

    private async Task CarryAsync(JobContext job, EventData data, CancellationToken ct)
    {
        var e = data.Event;
        var isFromMe = e.Payload["fromMe"]?.GetValue<bool>() ?? false;
        var waId = WahaIds.RawId(e.Payload["id"]!.ToString());
        var mapId = e.Event == PublicEvent.MessageWaiting ? waId + WaitingSuffix : waId;
        if ((await state.ByWhatsAppAsync(data.App, mapId, ct) ?? (mapId == waId ? null : await state.ByWhatsAppAsync(data.App, waId, ct))) is { } known)
        {
            decisions.Say(job, $"already there as message {known.CwId} in conversation {known.Conversation}", known.Conversation, known.CwId);
            return;
        }

        var context = await apps.OpenAsync(data.App, job.Class, ct);
        var place = await directory.ResolveAsync(context, e, ct);
        var asNote = isFromMe && !context.Config.ShowsOwnAsMessages;
        var message = new JsonObject
        {
            ["content"] = texts.Of(job, context.Words, e, isFromMe),
            ["message_type"] = isFromMe ? "outgoing" : "incoming",
            ["private"] = asNote,
            ["content_attributes"] = await AttributesAsync(data.App, e, waId, isFromMe && !asNote, ct),
        };
        try
        {
            var (cwId, wasThere) = await lookback.PostOnceAsync(job, context, place.Conversation, mapId, message, ct);
            await state.SaveMessageAsync(data.App, new(mapId, ChatKey.Of(e), isFromMe, place.Conversation, cwId, MessageMap.NoStatus), ct);
            decisions.Say(job, $"{(wasThere ? "an earlier run had posted it" : "posted")} as message {cwId} in conversation {place.Conversation}", place.Conversation, cwId);
        }
        catch (ChatwootException error) when (error.Status == 404)
        {
            // The conversation was deleted: file the message anew on the next try.
            await places.ForgetAsync(data.App, ChatKey.Of(e), ct);
            throw new RetryAfterException(TimeSpan.FromMilliseconds(100), "the conversation is gone; looking again", error);
        }
    }

    private async Task<JsonObject> AttributesAsync(string app, PublicEvent e, string waId, bool isEcho, CancellationToken ct)
    {
        var attributes = new JsonObject();
        if (isEcho) attributes["external_echo"] = true;
        var quoted = e.Payload["replyTo"]?["id"]?.ToString();
        // A message that was shown as waiting is shown again as the answer to its own placeholder.
        var target = await state.ByWhatsAppAsync(app, quoted is { Length: > 0 } ? quoted : waId + WaitingSuffix, ct);
        if (target is not null) attributes["in_reply_to"] = target.CwId;
        return attributes;
    }
}
