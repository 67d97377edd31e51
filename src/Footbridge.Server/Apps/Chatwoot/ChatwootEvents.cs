using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.FromWhatsApp;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Which WhatsApp events become jobs of a ChatWoot app. Groups and broadcasts are not carried in this version.</summary>
internal sealed class ChatwootEvents(AppRegistry apps, Queues queues) : IEventConsumer
{
    /// <summary>Marks the messages that the app sends.</summary>
    public const string Tag = "chatwoot";

    public IEnumerable<Delivery> DeliveriesFor(PublicEvent publicEvent)
    {
        // What an agent wrote stands in Chatwoot already.
        if (publicEvent.Tag == Tag) yield break;
        publicEvent = GroupCalls.InTheirGroup(publicEvent);
        var queue = publicEvent.Event switch
        {
            PublicEvent.MessageAny or PublicEvent.MessageWaiting when ChatKey.IsPerson(publicEvent) => Queues.MessageAny,
            PublicEvent.MessageAck when ChatKey.IsPerson(publicEvent) => Queues.MessageAck,
            PublicEvent.MessageReaction when ChatKey.IsPerson(publicEvent) => Queues.MessageReaction,
            PublicEvent.MessageEdited when ChatKey.IsPerson(publicEvent) => Queues.MessageEdited,
            PublicEvent.MessageRevoked when ChatKey.IsPerson(publicEvent) => Queues.MessageRevoked,
            CallPayloads.Received when ChatKey.IsPerson(publicEvent) => Queues.CallReceived,
            CallPayloads.Accepted when ChatKey.IsPerson(publicEvent) => Queues.CallAccepted,
            CallPayloads.Rejected when ChatKey.IsPerson(publicEvent) => Queues.CallRejected,
            PublicEvent.SessionStatus => Queues.SessionStatus,
            _ => null,
        };
        if (queue is null) yield break;
        foreach (var app in apps.Of(publicEvent.Session))
        {
            if (!app.Enabled || app.App != AppRecord.Chatwoot) continue;
            var lane = queue == Queues.SessionStatus ? $"{app.Id}/session.status" : $"{app.Id}/{ChatKey.Of(publicEvent)}";
            var job = new JobRequest(WahaIds.Derive("job_", $"{app.Id}|{publicEvent.Id}"), queue, lane, new EventData(app.Id, publicEvent).Write(), queues.Retried, queues.Delay);
            yield return queue == Queues.SessionStatus ? new(job, app.Id, DeliveryDirection.ToChatwoot) : new(job, app.Id, DeliveryDirection.ToChatwoot)
            {
                // A receipt is found through its message.
                Chat = queue == Queues.MessageAck ? null : ChatKey.Of(publicEvent),
                WaId = (publicEvent.Payload["id"] ?? publicEvent.Payload["after"]?["id"])?.ToString() is { } id ? WahaIds.RawId(id) : null,
            };
        }
    }
}
