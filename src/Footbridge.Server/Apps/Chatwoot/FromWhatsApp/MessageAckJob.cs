using Footbridge.Engine.Events;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>How far an agent's message has come, on the message in Chatwoot; it only ever rises.</summary>
internal sealed class MessageAckJob(ChatwootApps apps, IJobState state, JobErrors errors, Decisions decisions)
{
    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => TellAsync(job, EventData.Read(job.Payload), ct));

    private async Task TellAsync(JobContext job, EventData data, CancellationToken ct)
    {
        var payload = data.Event.Payload;
        var level = (AckLevel)payload["ack"]!.GetValue<int>();
        if (await state.ByWhatsAppAsync(data.App, WahaIds.RawId(payload["id"]!.ToString()), ct) is not { } message || message.Ack == MessageMap.NoStatus)
        {
            decisions.Say(job, $"{AckPayloads.NameOf(level)}: not a message of Chatwoot");
            return;
        }

        var status = level switch
        {
            AckLevel.Device => "delivered",
            AckLevel.Read or AckLevel.Played => "read",
            AckLevel.Error => "failed",
            _ => null,
        };
        var isNews = level == AckLevel.Error ? message.Ack <= (int)AckLevel.Pending : (int)level > message.Ack;
        if (status is null || !isNews)
        {
            decisions.Say(job, $"{AckPayloads.NameOf(level)}: nothing new for Chatwoot", message.Conversation, message.CwId);
            return;
        }

        var context = await apps.OpenAsync(data.App, job.Class, ct);
        await context.Client.SetStatusAsync(message.Conversation, message.CwId, status, level == AckLevel.Error ? $"WhatsApp error {payload["_data"]?["error"]}" : null, ct);
        await state.SetAckAsync(data.App, message.WaId, (int)level, ct);
        decisions.Say(job, $"{AckPayloads.NameOf(level)}: message {message.CwId} is {status}", message.Conversation, message.CwId);
    }
}
