using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>A call is told when it comes, when somebody takes it, and when it is over; nobody having taken it is told with what to do.</summary>
internal sealed class CallJob(ChatwootApps apps, ChatPoster poster, IJobState state, JobErrors errors)
{
    public Task RunAsync(JobContext job, CancellationToken ct) => errors.RunAsync(job, () => TellAsync(job, EventData.Read(job.Payload), ct));

    private async Task TellAsync(JobContext job, EventData data, CancellationToken ct)
    {
        // One that came while nobody was there to hear it is over; the end that may follow says nothing new.
        var id = IdOf(data.Event.Payload, IsMissed(data.Event) ? CallPayloads.Rejected : data.Event.Event);
        var payload = (JsonObject)data.Event.Payload.DeepClone();
        payload["id"] = id;
        var call = new Inbound(job, await apps.OpenAsync(data.App, job.Class, ct), data.Event with { Payload = payload });
        await poster.PostAsync(call, id, () => EntryAsync(call, data.Event.Payload, ct), ct);
    }

    private static bool IsMissed(PublicEvent e) => e.Payload["_data"]?["isMissed"]?.GetValue<bool>() == true;

    /// <summary>Each step of a call is an entry of its own; the colon keeps it from being taken for a message.</summary>
    private static string IdOf(JsonObject call, string step) => $"{call["id"]}:{step}";

    private async ValueTask<ChatEntry> EntryAsync(Inbound message, JsonObject call, CancellationToken ct)
    {
        var received = IdOf(call, CallPayloads.Received);
        switch (message.Event.Event)
        {
            case CallPayloads.Received:
                return new(IsMissed(message.Event) ? Missed(message, call) : Say(message, Key.CallReceived, call));
            case CallPayloads.Accepted:
                return new(Say(message, Key.CallAccepted, call)) { IsPrivate = true, ReplyTo = received };
            default:
                if (IsOurs(call)) return new(Say(message, Key.CallRejected, call)) { IsPrivate = true, ReplyTo = received };
                var wasTaken = await state.ByWhatsAppAsync(message.Context.App.Id, IdOf(call, CallPayloads.Accepted), ct) is not null;
                return new(wasTaken ? Say(message, Key.CallRejected, call) : Missed(message, call)) { ReplyTo = received };
        }
    }

    private static string Missed(Inbound message, JsonObject call) => $"{Say(message, Key.CallRejected, call)}\n\n{message.Words.Say(Key.CallMissed)}";

    private static string Say(Inbound message, string key, JsonObject call) => WhatsAppToMarkdown.Apply(message.Words.Say(key, new { call }));

    /// <summary>Somebody of this account declined it, here or on another device.</summary>
    private static bool IsOurs(JsonObject call) => call["_data"]?["reason"]?.ToString().StartsWith("rejected", StringComparison.Ordinal) == true;
}
