using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Footbridge.Jobs.Redis;

// How a store comes and goes, and how it hears of what other processes do.
public sealed partial class RedisJobStore
{
    private const string Layout = "1";
    private const string SchedulesChangedBy = "schedules ";

    // A wake-up that got lost (a connection that broke unnoticed) is made up for within this time.
    private static readonly TimeSpan SafetyLook = TimeSpan.FromSeconds(30);
    private readonly ITimer _safetyLook;
    private readonly SemaphoreSlim _opening = new(1);
    private readonly ILogger _logger;
    private volatile bool _isOpen;

    public event Action? Woken;

    public event Action? SchedulesChanged;

    private string Channel => Key("wake").ToString();

    /// <summary>Probes the server, checks whether it keeps what it is given, and begins to listen; later, when it is not there yet and need not be.</summary>
    /// <exception cref="ArgumentException">The prefix cannot be used.</exception>
    /// <exception cref="BrokerUnavailableException">Redis cannot be reached or cannot work now.</exception>
    /// <exception cref="NotSupportedException">The server lacks something that is needed, or holds another version's jobs.</exception>
    public static async Task<RedisJobStore> OpenAsync(
        RedisConnection connection, TimeProvider time, RedisJobStoreOptions? options, ILogger logger, CancellationToken ct)
    {
        var settings = options ?? new RedisJobStoreOptions();
        settings.Check();
        var store = new RedisJobStore(connection, time, settings, logger);
        try
        {
            connection.Restored += store.LookAgain;
            if (connection.IsConnected) await store.MakeSureAsync(ct);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops listening. The connection stays open; jobs that are running keep their leases.</summary>
    public async ValueTask DisposeAsync()
    {
        _connection.Restored -= LookAgain;
        await _safetyLook.DisposeAsync();
        _opening.Dispose();
        if (_isOpen && _connection.IsConnected) await _connection.UnsubscribeAsync(Channel);
    }

    /// <summary>Looks at the server before it is used first, which may be long after the start when it was not there then.</summary>
    private async Task MakeSureAsync(CancellationToken ct)
    {
        await _opening.WaitAsync(ct);
        try
        {
            if (_isOpen) return;
            await ProbeAsync(ct);
            await CheckSafetyAsync(ct);
            await _connection.SubscribeAsync(Channel, Hear, ct);
            _isOpen = true;
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task ProbeAsync(CancellationToken ct)
    {
        RedisResult layout;
        try
        {
            layout = await _connection.RunAsync(RedisScripts.Open, _keys[RedisScripts.Open], [Layout], Repeat.Freely, ct);
        }
        catch (RedisServerException e)
        {
            throw new NotSupportedException($"the server at {_connection.Address} cannot keep jobs: {e.Message}. It must be Redis 6.2 or newer, or Valkey.", e);
        }

        if ((string?)layout != Layout)
        {
            throw new NotSupportedException(
                $"the jobs at {_connection.Address} under the prefix {_options.Prefix} were written in layout {layout}, and this version reads layout {Layout}");
        }
    }

    // INFO rather than CONFIG: hosted servers usually allow only the former.
    private async Task CheckSafetyAsync(CancellationToken ct)
    {
        string info;
        try
        {
            info = (string?)await _connection.CallAsync(database => database.ExecuteAsync("INFO"), ct) ?? "";
        }
        catch (RedisServerException e)
        {
            _logger.RedisUnchecked(e.Message);
            return;
        }

        _logger.RedisOpened(Value(info, "redis_version"), _connection.Address, _options.Prefix);
        var policy = Value(info, "maxmemory_policy");
        // Without a limit nothing is ever evicted, but the limit is what people add later.
        if (policy != "noeviction") _logger.RedisEvicts(policy);
        if (Value(info, "aof_enabled") != "1") _logger.RedisForgets();
    }

    private static string Value(string info, string name) =>
        info.Split('\n').FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.Ordinal))?[(name.Length + 1)..].Trim() ?? "unknown";

    private void LookAgain()
    {
        Woken?.Invoke();
        SchedulesChanged?.Invoke();
    }

    private void Hear(string message)
    {
        if (!message.StartsWith(SchedulesChangedBy, StringComparison.Ordinal)) Woken?.Invoke();
        else if (message[SchedulesChangedBy.Length..] != _self) SchedulesChanged?.Invoke();
    }
}
