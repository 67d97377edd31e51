using Footbridge.Jobs;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.FromWhatsApp;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Which WhatsApp events become jobs of a ChatWoot app.</summary>
internal sealed class ChatwootEvents(AppRegistry apps, Queues queues) : IEventConsumer
{
    /// <summary>Marks the messages that the app sends.</summary>
    public const string Tag = "chatwoot";

    public IEnumerable<Delivery> DeliveriesFor(PublicEvent publicEvent)
    {
        // What an agent wrote stands in Chatwoot already.
        if (publicEvent.Tag == Tag) yield break;
        publicEvent = GroupCalls.InTheirGroup(publicEvent);
        if (QueueOf(publicEvent.Event) is not { } queue) yield break;
        var isOfSession = queue == Queues.SessionStatus;
        var chat = isOfSession ? (Jid?)null : Jid.TryParse(ChatKey.Of(publicEvent), out var address) ? address : null;
        if (!isOfSession && chat is null) yield break;
        foreach (var app in apps.Of(publicEvent.Session))
        {
            if (!app.Enabled || app.App != AppRecord.Chatwoot) continue;
            if (chat is { } place && !ChatwootConfig.Read(app.Config).Chats.Carries(place)) continue;
            yield return DeliveryFor(app, publicEvent, queue, isOfSession);
        }
    }

    private static string? QueueOf(string name) => name switch
    {
        PublicEvent.MessageAny or PublicEvent.MessageWaiting => Queues.MessageAny,
        PublicEvent.MessageAck => Queues.MessageAck,
        PublicEvent.MessageAckGroup => Queues.GroupAck,
        PublicEvent.PollVote => Queues.PollVote,
        PublicEvent.MessageReaction => Queues.MessageReaction,
        PublicEvent.MessageEdited => Queues.MessageEdited,
        PublicEvent.MessageRevoked => Queues.MessageRevoked,
        CallPayloads.Received => Queues.CallReceived,
        CallPayloads.Accepted => Queues.CallAccepted,
        CallPayloads.Rejected => Queues.CallRejected,
        PublicEvent.SessionStatus => Queues.SessionStatus,
        PublicEvent.GroupUpdate or PublicEvent.GroupParticipants => Queues.Group,
        _ => null,
    };

    private Delivery DeliveryFor(AppRecord app, PublicEvent publicEvent, string queue, bool isOfSession)
    {
        var chat = ChatKey.Of(publicEvent);
        var lane = isOfSession ? $"{app.Id}/session.status" : $"{app.Id}/{chat}";
        var job = new JobRequest(WahaIds.Derive("job_", $"{app.Id}|{publicEvent.Id}"), queue, lane, new EventData(app.Id, publicEvent).Write(), queues.Retried, queues.Delay);
        return isOfSession ? new(job, app.Id, DeliveryDirection.ToChatwoot) : new(job, app.Id, DeliveryDirection.ToChatwoot)
        {
            // A receipt is found through its message.
            Chat = queue is Queues.MessageAck or Queues.GroupAck ? null : chat,
            WaId = (publicEvent.Payload["id"] ?? publicEvent.Payload["after"]?["id"])?.ToString() is { } id ? WahaIds.RawId(id) : null,
        };
    }
}
