using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>A WhatsApp message becomes a Chatwoot message, once.</summary>
internal sealed class MessageAnyJob(ChatwootApps apps, Converters converters, ChatPoster poster, IJobState state, JobErrors errors, Decisions decisions)
{
    /// <summary>What the placeholder of a message that cannot be opened yet is known by.</summary>
    public const string WaitingSuffix = ":waiting";

    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => CarryAsync(job, EventData.Read(job.Payload), ct));

    private async Task CarryAsync(JobContext job, EventData data, CancellationToken ct)
    {
        var message = new Inbound(job, await apps.OpenAsync(data.App, job.Class, ct), data.Event);
        if (data.Event.Event != PublicEvent.MessageWaiting)
        {
            await poster.PostAsync(message, message.WaId, () => ConvertAsync(message, ct), ct);
            return;
        }

        if (await state.ByWhatsAppAsync(data.App, message.WaId, ct) is { } come)
        {
            decisions.Say(job, $"already there as message {come.CwId} in conversation {come.Conversation}", come.Conversation, come.CwId);
            return;
        }

        await poster.PostAsync(message, message.WaId + WaitingSuffix, () => new(new ChatEntry(message.Words.Say(Key.MessageWaiting))), ct);
    }

    /// <summary>A message that was shown as waiting is shown again as the answer to its own placeholder.</summary>
    private async ValueTask<ChatEntry> ConvertAsync(Inbound message, CancellationToken ct)
    {
        var entry = await converters.ConvertAsync(message, ct);
        var quoted = message.Payload["replyTo"]?["id"]?.ToString();
        return entry with { ReplyTo = entry.ReplyTo ?? (quoted is { Length: > 0 } ? quoted : message.WaId + WaitingSuffix) };
    }
}
