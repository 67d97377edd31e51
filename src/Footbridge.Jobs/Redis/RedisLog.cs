using Microsoft.Extensions.Logging;

namespace Footbridge.Jobs.Redis;

/// <summary>What is said about the connection and the server's settings. The address never holds the password.</summary>
internal static partial class RedisLog
{
    [LoggerMessage(LogLevel.Warning, "The connection to Redis at {Address} is lost ({Reason}); jobs wait until it is back")]
    public static partial void RedisLost(this ILogger logger, RedisAddress address, string reason);

    [LoggerMessage(LogLevel.Information, "The connection to Redis at {Address} is back")]
    public static partial void RedisBack(this ILogger logger, RedisAddress address);

    [LoggerMessage(LogLevel.Information, "Jobs are kept in Redis {Version} at {Address} under the prefix {Prefix}")]
    public static partial void RedisOpened(this ILogger logger, string version, RedisAddress address, string prefix);

    [LoggerMessage(LogLevel.Warning, "Redis may throw jobs away when its memory is full: maxmemory-policy is {Policy}; set it to noeviction")]
    public static partial void RedisEvicts(this ILogger logger, string policy);

    [LoggerMessage(LogLevel.Warning, "Redis forgets jobs when it stops: appendonly is off; set 'appendonly yes' (and 'appendfsync always' to lose not even the last second)")]
    public static partial void RedisForgets(this ILogger logger);

    [LoggerMessage(LogLevel.Warning, "Whether Redis keeps jobs safely could not be checked: INFO is not allowed ({Reason}). It needs 'appendonly yes' and 'maxmemory-policy noeviction'")]
    public static partial void RedisUnchecked(this ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "Redis refuses work: {Reason}")]
    public static partial void RedisRefuses(this ILogger logger, string reason);
}
