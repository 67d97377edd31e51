namespace Footbridge.Jobs;

/// <summary>How urgent a job is. It does not change the order within a lane.</summary>
public enum JobClass
{
    /// <summary>Somebody is waiting for it.</summary>
    Live,

    /// <summary>Imports and the like: runs in the slots set aside for it, after every live lane that is ready.</summary>
    Bulk,
}

/// <summary>How many jobs a worker can take.</summary>
/// <param name="Total">Of both classes together.</param>
/// <param name="Bulk">How many of them may be <see cref="JobClass.Bulk"/>.</param>
public readonly record struct JobSlots(int Total, int Bulk);

/// <summary>What came of enqueueing one job.</summary>
public enum JobEnqueued
{
    Added,

    /// <summary>The id is known already: a success that changed nothing.</summary>
    Known,

    /// <summary>Refused: the job it has to come after is unknown, so this store has lost what it was told before.</summary>
    Gap,
}

/// <summary>What a store knows of an id.</summary>
public enum JobStanding
{
    Unknown,

    /// <summary>Waiting, active, delayed or paused.</summary>
    Open,

    Completed,

    Failed,

    /// <summary>Deleted, by a person or by age, but not yet forgotten.</summary>
    Deleted,
}
