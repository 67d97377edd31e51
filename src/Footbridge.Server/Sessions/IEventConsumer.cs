using Footbridge.Server.Storage;

namespace Footbridge.Server.Sessions;

/// <summary>Turns public events into deliveries. Must be quick and give the same ones, with the same job ids, for the same event.</summary>
internal interface IEventConsumer
{
    IEnumerable<Delivery> DeliveriesFor(PublicEvent publicEvent);
}
