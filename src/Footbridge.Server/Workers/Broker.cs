using Footbridge.Jobs;
using Footbridge.Jobs.Redis;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Config;

namespace Footbridge.Server.Workers;

/// <summary>Where this process's jobs are: in Redis when there is one, else in the database.</summary>
internal sealed class Broker : IAsyncDisposable
{
    private readonly RedisConnection? _connection;
    private readonly RedisJobStore? _redis;
    private readonly ILoggerFactory? _loggers;

    private Broker(SqliteJobStore store) => (Store, Monitor) = (store, store.OpenMonitor());

    private Broker(RedisJobStore store, RedisConnection connection, ILoggerFactory loggers) =>
        (Store, Monitor, _redis, _connection, _loggers) = (store, store.OpenMonitor(), store, connection, loggers);

    public IJobStore Store { get; }

    public IJobMonitor Monitor { get; }

    /// <summary>Whether Redis answers; null when the jobs are not in Redis.</summary>
    public async Task<bool?> IsReachableAsync(TimeSpan patience, CancellationToken ct)
    {
        if (_redis is null) return null;
        try
        {
            await _redis.NextDueAsync(ct).WaitAsync(patience, ct);
            return true;
        }
        catch (Exception e) when (e is BrokerUnavailableException or TimeoutException)
        {
            return false;
        }
    }

    /// <summary>How Redis is set up; null when the jobs are not in Redis.</summary>
    public async Task<RedisFacts?> RedisFactsAsync(CancellationToken ct) => _connection is null ? null : await _connection.FactsAsync(ct);

    /// <exception cref="SettingException">The Redis address cannot be used, or what is there cannot be worked with.</exception>
    public static async Task<Broker> OpenAsync(Settings settings, SqliteDatabase? database, TimeProvider time, CancellationToken ct)
    {
        if (settings.RedisUrl is null) return new(await SqliteJobStore.OpenAsync(database!, time, null, ct));

        // Its own: it is opened before the host is there, and speaks as long as the connection lasts.
        var loggers = Hosting.Loggers(settings);
        var logger = loggers.CreateLogger<Broker>();
        RedisConnection? connection = null;
        try
        {
            connection = await RedisConnection.OpenAsync(RedisAddress.Parse(settings.RedisUrl), new() { MayStartLater = true }, logger, ct);
            var options = new RedisJobStoreOptions { Prefix = settings.WorkerId.Length == 0 ? "footbridge" : $"footbridge-{settings.WorkerId}" };
            var store = await RedisJobStore.OpenAsync(connection, time, options, logger, ct);
            return new(store, connection, loggers);
        }
        catch (Exception e) when (e is FormatException or NotSupportedException or ArgumentException)
        {
            await CloseAsync(connection, loggers);
            throw new SettingException($"REDIS_URL cannot be used: {e.Message}", e);
        }
        catch
        {
            await CloseAsync(connection, loggers);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_redis is not null) await _redis.DisposeAsync();
        await CloseAsync(_connection, _loggers);
    }

    private static async ValueTask CloseAsync(RedisConnection? connection, ILoggerFactory? loggers)
    {
        if (connection is not null) await connection.DisposeAsync();
        loggers?.Dispose();
    }
}
