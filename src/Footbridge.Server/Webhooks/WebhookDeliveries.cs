using Footbridge.Jobs;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Webhooks;

/// <summary>Which events become jobs of webhooks: for each receiver one lane per chat, so that each chat is told in order whatever becomes of others.</summary>
internal sealed class WebhookDeliveries(WebhookRegistry hooks, SessionProfiles profiles, Settings settings) : IEventConsumer
{
    public IEnumerable<Delivery> DeliveriesFor(PublicEvent publicEvent)
    {
        var all = hooks.Of(publicEvent.Session).ToList();
        return all.Count == 0 ? [] : EventNames.Expand(publicEvent).SelectMany(told => all.Where(hook => hook.Events.Includes(told.Event)).Select(hook => DeliveryOf(hook, told)));
    }

    private Delivery DeliveryOf(Webhook hook, PublicEvent told)
    {
        var app = $"webhook:{told.Session}";
        var chat = told.ChatLid ?? told.ChatPhone ?? told.Payload["from"]?.ToString();
        var data = new WebhookData(told.Session, hook.Id, hook.Place, Envelope.Of(told, profiles.Of(told.Session).Metadata));
        var policy = new JobPolicy(hook.Retries.Attempts, hook.Retries.Delay) { RetryAfterLimit = settings.Webhooks.PatienceLimit };
        var job = new JobRequest(WahaIds.Derive("job_", $"{hook.Id}|{told.Id}"), WebhookJob.Queue, $"{app}/{LaneOf(hook)}/{chat ?? "-"}", data.Write(), policy);
        return new(job, app, DeliveryDirection.ToWebhook)
        {
            Chat = told.Event is PublicEvent.MessageAny or PublicEvent.Message ? chat : null,
            WaId = chat is not null && told.Payload["id"]?.ToString() is { } id ? WahaIds.RawId(id) : null,
        };
    }

    // By address: two webhooks with one address are one receiver, who is told in order.
    private static string LaneOf(Webhook hook) => WahaIds.Derive("to_", hook.Url);
}
