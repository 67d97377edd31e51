namespace Footbridge.Jobs;

/// <summary>Where a job is, in the words people know from queue boards.</summary>
public enum JobState
{
    /// <summary>In its lane, may run as soon as it is the head.</summary>
    Waiting,

    /// <summary>Held by a worker under a lease.</summary>
    Active,

    /// <summary>Must not start before a time: a delay asked for, a backoff, or a retry-after.</summary>
    Delayed,

    Completed,

    /// <summary>Given up; the lane went on. It can be retried by hand.</summary>
    Failed,

    /// <summary>Waiting, in a queue that is paused.</summary>
    Paused,
}
