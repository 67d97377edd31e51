using System.Diagnostics;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Footbridge.Jobs.Redis;

/// <summary>What may be done when the answer to a script got lost.</summary>
internal enum Repeat
{
    /// <summary>Doing it twice would differ from doing it once: the caller has to look first.</summary>
    Never,

    /// <summary>Twice is as good as once.</summary>
    Freely,

    /// <summary>The script finds out what it did before when <c>ARGV[4]</c> tells it so.</summary>
    Told,
}

/// <summary>The connection to one Redis: runs scripts, waits out short outages, and says when it is back.</summary>
public sealed class RedisConnection : IAsyncDisposable
{
    private const int RepeatFlag = 3;
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LookForPrimaryEvery = TimeSpan.FromSeconds(1);
    private readonly ConnectionMultiplexer _multiplexer;
    private readonly RedisAddress _address;
    private readonly RedisConnectionOptions _options;
    private readonly ILogger _logger;
    private long _lookedForPrimary = Stopwatch.GetTimestamp();
    private int _isLost;

    private RedisConnection(ConnectionMultiplexer multiplexer, RedisAddress address, RedisConnectionOptions options, ILogger logger)
    {
        (_multiplexer, _address, _options, _logger) = (multiplexer, address, options, logger);
        multiplexer.ConnectionFailed += (_, e) => Lost(e.FailureType.ToString());
        multiplexer.ConnectionRestored += (_, _) => Back();
    }

    /// <summary>Raised when a connection is back: what the server announced meanwhile was not heard.</summary>
    internal event Action? Restored;

    internal RedisAddress Address => _address;

    internal bool IsConnected => _multiplexer.IsConnected;

    internal IDatabase Database => _multiplexer.GetDatabase();

    /// <summary>How the server is set up.</summary>
    /// <exception cref="BrokerUnavailableException">It does not answer.</exception>
    public async Task<RedisFacts> FactsAsync(CancellationToken ct)
    {
        var memory = "";
        var persistence = "";
        await CallAsync(async database => memory = (await database.ExecuteAsync("INFO", "memory")).ToString(), ct);
        await CallAsync(async database => persistence = (await database.ExecuteAsync("INFO", "persistence")).ToString(), ct);
        return RedisFacts.Parse(memory + "\n" + persistence);
    }

    /// <exception cref="BrokerUnavailableException">Nobody answers, or the server does not let us in.</exception>
    public static async Task<RedisConnection> OpenAsync(RedisAddress address, RedisConnectionOptions? options, ILogger logger, CancellationToken ct)
    {
        var settings = options ?? new RedisConnectionOptions();
        ConnectionMultiplexer multiplexer;
        try
        {
            multiplexer = await ConnectionMultiplexer.ConnectAsync(address.ToOptions(settings));
        }
        catch (RedisConnectionException e)
        {
            throw new BrokerUnavailableException($"Redis at {address} cannot be reached: {e.Message}", e);
        }

        var connection = new RedisConnection(multiplexer, address, settings, logger);
        if (settings.MayStartLater && !multiplexer.IsConnected)
        {
            connection.Lost("nobody answers yet");
            return connection;
        }

        try
        {
            await connection.CallAsync(database => database.PingAsync(), ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _multiplexer.DisposeAsync();

    /// <summary>Runs a script. Once sent it is awaited to its end, whatever <paramref name="ct"/> says.</summary>
    /// <exception cref="BrokerUnavailableException">Redis cannot be reached or cannot work now.</exception>
    internal Task<RedisResult> RunAsync(RedisScript script, RedisKey[] keys, RedisValue[] args, Repeat repeat, CancellationToken ct) =>
        TryAsync(
            isRepeated =>
            {
                if (isRepeated && repeat == Repeat.Told) args[RepeatFlag] = "1";
                return EvaluateAsync(script, keys, args);
            },
            repeat,
            ct);

    /// <summary>One plain command that may be repeated.</summary>
    internal Task<T> CallAsync<T>(Func<IDatabase, Task<T>> command, CancellationToken ct) => TryAsync(_ => command(Database), Repeat.Freely, ct);

    /// <summary>Hears what is published on a channel, again by itself after each reconnect.</summary>
    internal Task SubscribeAsync(string channel, Action<string> heard, CancellationToken ct) =>
        TryAsync(
            async _ =>
            {
                await _multiplexer.GetSubscriber().SubscribeAsync(RedisChannel.Literal(channel), (_, message) => heard(message.ToString()));
                return true;
            },
            Repeat.Freely,
            ct);

    internal Task UnsubscribeAsync(string channel) => _multiplexer.GetSubscriber().UnsubscribeAsync(RedisChannel.Literal(channel));

    private async Task<T> TryAsync<T>(Func<bool, Task<T>> attempt, Repeat repeat, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        for (var isRepeated = false; ; isRepeated = true)
        {
            ct.ThrowIfCancellationRequested();
            try
            {
                return await attempt(isRepeated);
            }
            catch (Exception e) when (Unavailable(e) is { } reason)
            {
                await LookForPrimaryAsync();
                if (repeat == Repeat.Never || Stopwatch.GetElapsedTime(began) > _options.Patience) throw Unavailable(reason, e);
                await Task.Delay(RetryEvery, TimeProvider.System, ct);
            }
        }
    }

    private async Task<RedisResult> EvaluateAsync(RedisScript script, RedisKey[] keys, RedisValue[] args)
    {
        try
        {
            return await Database.ScriptEvaluateAsync(script.Hash, keys, args);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            // A server that is new, was restarted, or was told to forget its scripts.
            return await Database.ScriptEvaluateAsync(script.Text, keys, args);
        }
    }

    // A reason for people when trying again later can help, else null.
    private static string? Unavailable(Exception error) => error switch
    {
        RedisTimeoutException => "it did not answer in time",
        RedisConnectionException e => $"it cannot be reached ({e.FailureType})",
        ObjectDisposedException => "the connection is being closed",
        RedisServerException e when IsState(e.Message, "LOADING") => "it is still loading its data",
        RedisServerException e when IsState(e.Message, "READONLY") => "it is a replica now",
        RedisServerException e when IsState(e.Message, "MASTERDOWN") || IsState(e.Message, "CLUSTERDOWN") || IsState(e.Message, "TRYAGAIN") => "its primary is away",
        RedisServerException e when IsState(e.Message, "BUSY") => "it is busy with a long script",
        RedisServerException e when IsState(e.Message, "OOM") => "its memory is full (maxmemory)",
        RedisServerException e when IsState(e.Message, "MISCONF") => "it cannot write to its disk",
        _ => null,
    };

    // Errors from inside a script come with the script's own words around them.
    private static bool IsState(string message, string code) =>
        message.StartsWith(code, StringComparison.Ordinal) || message.Contains("-" + code + " ", StringComparison.Ordinal);

    private BrokerUnavailableException Unavailable(string reason, Exception inner) => new($"Redis at {_address} is not available: {reason}", inner);

    // After a failover the client may still hold on to the old primary; it looks around by itself only now and then.
    private async Task LookForPrimaryAsync()
    {
        var last = Interlocked.Read(ref _lookedForPrimary);
        if (Stopwatch.GetElapsedTime(last) < LookForPrimaryEvery) return;
        if (Interlocked.CompareExchange(ref _lookedForPrimary, Stopwatch.GetTimestamp(), last) != last) return;
        try
        {
            await _multiplexer.ConfigureAsync();
        }
        catch (Exception e) when (Unavailable(e) is { } reason)
        {
            _logger.RedisRefuses(reason);
        }
    }

    private void Lost(string reason)
    {
        if (Interlocked.Exchange(ref _isLost, 1) == 0) _logger.RedisLost(_address, reason);
    }

    private void Back()
    {
        if (Interlocked.Exchange(ref _isLost, 0) == 1) _logger.RedisBack(_address);
        Restored?.Invoke();
    }
}
