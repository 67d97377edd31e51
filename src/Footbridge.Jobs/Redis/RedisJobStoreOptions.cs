namespace Footbridge.Jobs.Redis;

/// <summary>What the Redis store keeps, and under which names.</summary>
public sealed class RedisJobStoreOptions
{
    /// <summary>Begins the name of every key and channel. Two installations on one Redis need two of them.</summary>
    public string Prefix { get; init; } = "footbridge";

    /// <summary>How long the id of a deleted job stays known. Whoever may enqueue an id again must do so within this time.</summary>
    public TimeSpan DedupeFor { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Runs in a row that may be lost with their worker (a crash) before a job is given up; none of them uses an attempt.</summary>
    public int MaxLostRuns { get; init; } = 20;

    // Braces would move the keys into other slots of a cluster, and with them apart.
    internal void Check()
    {
        if (Prefix.Length is 0 or > 100 || Prefix.Any(c => char.IsControl(c) || c is '{' or '}'))
        {
            throw new ArgumentException("the prefix of the keys in Redis must have 1 to 100 characters, none of them a brace or a control character");
        }
    }
}
