using Footbridge.Jobs;

namespace Footbridge.Server.Sessions;

/// <summary>Turns public events into jobs. Must be quick and give the same jobs, with the same ids, for the same event.</summary>
internal interface IEventConsumer
{
    IEnumerable<JobRequest> JobsFor(PublicEvent publicEvent);
}
