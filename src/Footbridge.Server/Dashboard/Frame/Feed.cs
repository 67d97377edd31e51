namespace Footbridge.Server.Dashboard.Frame;

/// <summary>Reads what open pages show, at most each second, once for all who look at the same thing. Nobody looking: nothing is read.</summary>
internal sealed partial class Feed(TimeProvider time, ILogger<Feed> logger) : IAsyncDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Topic> _topics = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private bool _isRunning;

    /// <summary>Shows each new reading until the result is disposed of.</summary>
    /// <param name="key">The same for the same reading.</param>
    /// <param name="every">How often; not more often than <see cref="Interval"/>.</param>
    /// <param name="read">Must stand by itself: it may be called for others after this watcher is gone.</param>
    /// <param name="show">Gets the reading, or null and why there is none.</param>
    public IDisposable Watch<T>(string key, TimeSpan every, Func<CancellationToken, Task<T>> read, Func<T?, string?, Task> show)
        where T : class
    {
        var watcher = new Watcher(this, key, (value, problem) => show((T?)value, problem));
        lock (_gate)
        {
            if (!_topics.TryGetValue(key, out var topic)) _topics[key] = topic = new(every, async ct => await read(ct)) { Next = time.GetUtcNow() + every };
            topic.Watchers.Add(watcher);
            if (_isRunning) return watcher;
            _isRunning = true;
            _running = RunAsync(new(Interval, time), _stop.Token);
        }

        return watcher;
    }

    /// <summary>Reads at once, for everybody who looks, after something was changed.</summary>
    public async Task RefreshAsync()
    {
        foreach (var topic in Topics()) await ReadAsync(topic, _stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(PeriodicTimer timer, CancellationToken ct)
    {
        using var ticking = timer;
        while (await timer.WaitForNextTickAsync(ct) && GoesOn())
        {
            var now = time.GetUtcNow();
            foreach (var topic in Topics().Where(topic => topic.Next <= now))
            {
                topic.Next = now + topic.Every;
                await ReadAsync(topic, ct);
            }
        }
    }

    private bool GoesOn()
    {
        lock (_gate) return _isRunning = _topics.Count > 0;
    }

    private Topic[] Topics()
    {
        lock (_gate) return [.. _topics.Values];
    }

    private async Task ReadAsync(Topic topic, CancellationToken ct)
    {
        var (value, problem) = ((object?)null, (string?)null);
        try
        {
            value = await topic.Read(ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            // The page says it, and goes on as soon as the store is back.
            LogUnreadable(logger, e);
            problem = e.Message;
        }

        Watcher[] watchers;
        lock (_gate) watchers = [.. topic.Watchers];
        foreach (var watcher in watchers) await ShowAsync(watcher, value, problem);
    }

    // A page whose connection has just broken must not take the others' readings with it.
    private async Task ShowAsync(Watcher watcher, object? value, string? problem)
    {
        try
        {
            await watcher.ShowAsync(value, problem);
        }
        catch (Exception e)
        {
            LogNotShown(logger, e);
        }
    }

    private void Leave(string key, Watcher watcher)
    {
        lock (_gate)
        {
            if (!_topics.TryGetValue(key, out var topic)) return;
            topic.Watchers.Remove(watcher);
            if (topic.Watchers.Count == 0) _topics.Remove(key);
        }
    }

    [LoggerMessage(LogLevel.Debug, "The job pages could not be refreshed")]
    private static partial void LogUnreadable(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Debug, "A job page could not show a reading")]
    private static partial void LogNotShown(ILogger logger, Exception error);

    private sealed record Topic(TimeSpan Every, Func<CancellationToken, Task<object>> Read)
    {
        /// <summary>When it is read next.</summary>
        public required DateTimeOffset Next { get; set; }

        public HashSet<Watcher> Watchers { get; } = [];
    }

    private sealed class Watcher(Feed feed, string key, Func<object?, string?, Task> show) : IDisposable
    {
        private volatile bool _isGone;

        public Task ShowAsync(object? value, string? problem) => _isGone ? Task.CompletedTask : show(value, problem);

        public void Dispose()
        {
            _isGone = true;
            feed.Leave(key, this);
        }
    }
}
