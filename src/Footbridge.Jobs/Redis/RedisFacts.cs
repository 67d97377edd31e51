namespace Footbridge.Jobs.Redis;

/// <summary>How a Redis is set up, as far as it tells.</summary>
/// <param name="EvictionPolicy">What it does when it is full; null when it does not tell.</param>
/// <param name="MaxMemoryBytes">When it is full; 0: when the machine is.</param>
/// <param name="IsAppendOnly">Every write outlives a restart.</param>
/// <param name="LastSaveFailed">The last snapshot could not be written.</param>
public sealed record RedisFacts(string? EvictionPolicy, long MaxMemoryBytes, bool IsAppendOnly, bool LastSaveFailed)
{
    /// <summary>Reads the answers to <c>INFO memory</c> and <c>INFO persistence</c>.</summary>
    public static RedisFacts Parse(string info)
    {
        var fields = info.Split('\n').Select(line => line.Trim().Split(':', 2)).Where(pair => pair.Length == 2).DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return new(
            fields.GetValueOrDefault("maxmemory_policy"),
            long.TryParse(fields.GetValueOrDefault("maxmemory"), out var bytes) ? bytes : 0,
            fields.GetValueOrDefault("aof_enabled") == "1",
            fields.GetValueOrDefault("rdb_last_bgsave_status") == "err");
    }
}
