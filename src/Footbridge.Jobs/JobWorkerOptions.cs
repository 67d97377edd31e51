namespace Footbridge.Jobs;

/// <summary>How a worker runs jobs.</summary>
public sealed class JobWorkerOptions
{
    /// <summary>The worker's name on the board.</summary>
    public string Name { get; init; } = Environment.MachineName;

    /// <summary>Only one worker at a time can have this name, so what is still active under it at the start was left by one that is gone.</summary>
    public bool IsOnlyOfItsName { get; init; }

    /// <summary>Jobs run at the same time.</summary>
    public int Concurrency { get; init; } = 50;

    /// <summary>How many of them may be bulk jobs (<see cref="JobClass.Bulk"/>).</summary>
    public int BulkConcurrency { get; init; } = 10;

    /// <summary>How long a claim holds without a renewal; renewed three times as often.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>On stop: how long running handlers may finish by themselves before they are cancelled.</summary>
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>On stop: how long cancelled handlers may take to return before their jobs are handed back anyway.</summary>
    public TimeSpan StopCancel { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How often the store is repaired and finished jobs are cleaned.</summary>
    public TimeSpan Housekeeping { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan KeepCompletedFor { get; init; } = TimeSpan.FromDays(3);

    /// <summary>Of each queue.</summary>
    public int KeepCompletedCount { get; init; } = 1000;

    public TimeSpan KeepFailedFor { get; init; } = TimeSpan.FromDays(31);

    /// <summary>Of each queue.</summary>
    public int KeepFailedCount { get; init; } = 1000;
}
