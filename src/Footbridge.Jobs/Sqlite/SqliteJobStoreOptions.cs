namespace Footbridge.Jobs.Sqlite;

/// <summary>What the embedded store keeps.</summary>
public sealed class SqliteJobStoreOptions
{
    /// <summary>How long the id of a deleted job stays known. Whoever may enqueue an id again must do so within this time.</summary>
    public TimeSpan DedupeFor { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Runs in a row that may be lost with their worker (a crash) before a job is given up; none of them uses an attempt.</summary>
    public int MaxLostRuns { get; init; } = 20;
}
