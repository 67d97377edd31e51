namespace Footbridge.Jobs;

/// <summary>A job that is enqueued again and again by the clock.</summary>
/// <param name="Id">Chosen by whoever sets it up; setting it up again replaces it.</param>
/// <param name="Cron">Five fields, or six with seconds in front.</param>
/// <param name="TimeZone">The zone the fields are read in, by its IANA name.</param>
public sealed record JobSchedule(string Id, string Cron, string TimeZone, string Queue, string Lane, ReadOnlyMemory<byte> Payload, JobPolicy Policy);

/// <summary>A schedule as the store keeps it.</summary>
/// <param name="Created">When its id was set up first; ticks before are never fired.</param>
/// <param name="LastTick">The latest tick that was fired, by any worker.</param>
public sealed record JobScheduleState(JobSchedule Schedule, DateTimeOffset Created, DateTimeOffset? LastTick);
