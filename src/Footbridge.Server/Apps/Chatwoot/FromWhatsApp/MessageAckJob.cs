using Footbridge.Engine.Events;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>How far an agent's message has come, on the message in Chatwoot: as far as the part of it that has come least far.</summary>
/// <remarks>
/// Only the message that a receipt is about changes: nothing is called read that was not (W-18). The map is written before a message is sent, so a
/// receipt cannot come too early for it; what cannot be told is tried again like any job (W-10). That the server refused a message is not told here:
/// the job that sends it hears the same, knows whether it is sent once more, and says what was refused and what helps.
/// </remarks>
internal sealed class MessageAckJob(ChatwootApps apps, IJobState state, JobErrors errors, Decisions decisions)
{
    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => TellAsync(job, EventData.Read(job.Payload), ct));

    private async Task TellAsync(JobContext job, EventData data, CancellationToken ct)
    {
        var payload = data.Event.Payload;
        var level = (AckLevel)payload["ack"]!.GetValue<int>();
        if (level == AckLevel.Error)
        {
            decisions.Say(job, $"{AckPayloads.NameOf(level)}: told by the job that sends the message");
            return;
        }

        if (await state.ByWhatsAppAsync(data.App, WahaIds.RawId(payload["id"]!.ToString()), ct) is not { } message)
        {
            decisions.Say(job, $"{AckPayloads.NameOf(level)}: not a message of Chatwoot");
            return;
        }

        var context = await apps.OpenAsync(data.App, job.Class, ct);
        var isNews = message.Ack != MessageMap.NoStatus && IsNews(message, level);
        if (await NewsAsync(context, message, level, ct) is { } status)
        {
            await context.Client.SetStatusAsync(message.Conversation, message.CwId, status, null, ct);
            decisions.Say(job, $"{AckPayloads.NameOf(level)}: message {message.CwId} is {status}", message.Conversation, message.CwId);
        }
        else
        {
            decisions.Say(job, $"{AckPayloads.NameOf(level)}: nothing new for Chatwoot", message.Conversation, message.CwId);
        }

        if (isNews) await state.SetAckAsync(data.App, message.WaId, (int)level, ct);
    }

    /// <summary>What the message in Chatwoot becomes by a receipt for one of its parts; null when it stays what it is.</summary>
    private async ValueTask<string?> NewsAsync(ChatwootContext context, MappedMessage message, AckLevel level, CancellationToken ct)
    {
        // What was written on the phone has no part to wait for, and is only shown with a status where it is not a note.
        if (message.Ack == MessageMap.NoStatus) return message.IsFromMe && context.Config.ShowsOwnAsMessages && level >= AckLevel.Device ? StatusOf(context.Config, level) : null;
        if (!IsNews(message, level)) return null;
        var parts = await state.ByChatwootAsync(context.App.Id, message.Conversation, message.CwId, ct);
        var before = parts.Min(part => part.Ack);
        var now = parts.Min(part => part.WaId == message.WaId ? (int)level : part.Ack);
        if (now < (int)AckLevel.Server) return null;
        // Chatwoot's own beginning is "sent": it is only told where a failure was shown.
        if (now == (int)AckLevel.Server) return before == (int)AckLevel.Error ? "sent" : null;
        var status = StatusOf(context.Config, (AckLevel)now);
        return before >= (int)AckLevel.Device && status == StatusOf(context.Config, (AckLevel)before) ? null : status;
    }

    /// <summary>A level only rises.</summary>
    private static bool IsNews(MappedMessage message, AckLevel level) => (int)level > message.Ack;

    private static string? StatusOf(ChatwootConfig config, AckLevel level) =>
        level >= AckLevel.Read && config.TellsRead ? "read" : config.TellsDelivery ? "delivered" : null;
}
