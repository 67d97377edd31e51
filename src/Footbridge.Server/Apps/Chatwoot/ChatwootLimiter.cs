using System.Collections.Concurrent;
using Footbridge.Jobs;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>One limiter for each Chatwoot, whatever the number of apps that call it: its limits count per calling address.</summary>
internal sealed class ChatwootLimiters(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ChatwootLimiter> _hosts = new(StringComparer.OrdinalIgnoreCase);

    public ChatwootLimiter For(string url) => _hosts.GetOrAdd(new Uri(url).Authority, _ => new ChatwootLimiter(time));
}

/// <summary>Keeps to what one Chatwoot allows: no limit until it says 429, then all callers wait, and go on at a rate that finds its own height.</summary>
/// <remarks>
/// Additive increase, multiplicative decrease; below the rate that was too much the last time, growth is fast. Live callers go before bulk ones, which get at most a part of the rate, so that an
/// import leaves room for the messages of the moment. Source of the limits: docs/chatwoot.md.
/// </remarks>
internal sealed class ChatwootLimiter(TimeProvider time) : IDisposable
{
    private const double LowestRate = 1;
    private const double Decrease = 0.7;

    /// <summary>Requests a second more for each second without a refusal.</summary>
    private const double Increase = 0.5;

    /// <summary>The same as a factor, as long as the rate is well below what was too much.</summary>
    private const double Recovery = 1.2;

    /// <summary>Chatwoot's own default: 3,000 requests a minute for one address.</summary>
    private const double UsualLimit = 50;

    private const double BulkShare = 0.7;

    /// <summary>Longer waits are left to the broker: the caller's slot is needed by others.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Without a refusal for so long there is no limit any more.</summary>
    private static readonly TimeSpan Forgiven = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly RequestRate _seen = new(time);
    private readonly Queue<TaskCompletionSource> _live = new();
    private readonly Queue<TaskCompletionSource> _bulk = new();
    private ITimer? _timer;
    private double? _rate;
    private double _ceiling;
    private double _tokens;
    private double _bulkTokens;
    private DateTimeOffset _filledAt;
    private DateTimeOffset _pausedUntil;
    private DateTimeOffset _refusedAt;
    private int _refusals;

    /// <summary>Requests a second that are allowed now; null when there is no limit.</summary>
    public double? Rate
    {
        get
        {
            lock (_gate) return _rate;
        }
    }

    public ConversationSpacing Conversations { get; } = new(time);

    /// <summary>Completes when a request may be made.</summary>
    /// <exception cref="ChatwootAwayException">Chatwoot asks to wait longer than a caller should hold its slot.</exception>
    public Task EnterAsync(JobClass priority, CancellationToken ct)
    {
        TaskCompletionSource turn;
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (_pausedUntil - now > LongestWait) throw new ChatwootAwayException("Chatwoot asks to wait (429)", _pausedUntil - now, null);
            Fill(now);
            if (_rate is { } rate && (_live.Count + _bulk.Count) / rate > LongestPause.TotalSeconds) throw new ChatwootAwayException("too many requests wait for Chatwoot", LongestWait, null);
            if (_live.Count == 0 && now >= _pausedUntil && TryTake(priority))
            {
                _seen.Count();
                return Task.CompletedTask;
            }

            turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            (priority == JobClass.Live ? _live : _bulk).Enqueue(turn);
            Arm(now);
        }

        return turn.Task.WaitAsync(ct);
    }

    public void Succeeded()
    {
        lock (_gate) _refusals = 0;
    }

    /// <summary>Chatwoot answered 429; gives how long everybody waits.</summary>
    /// <param name="retryAfter">What it asked for; its own limiter does not say.</param>
    public TimeSpan Refused(TimeSpan? retryAfter)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            // Requests that were on their way when the pause began are part of the same refusal.
            if (now >= _pausedUntil)
            {
                // The first time nothing is known but what was asked of late, and what Chatwoot allows unless it was told otherwise.
                var tooMuch = _rate ?? Math.Max(UsualLimit, _seen.PerSecond());
                (_ceiling, _rate) = (tooMuch * 0.9, Math.Max(LowestRate, tooMuch * Decrease));
                (_tokens, _bulkTokens, _filledAt) = (0, 0, now);
                var doubled = FirstPause * Math.Pow(2, Math.Min(_refusals++, 10));
                _pausedUntil = now + (retryAfter ?? (doubled < LongestPause ? doubled : LongestPause));
            }
            else if (retryAfter is { } asked && now + asked > _pausedUntil)
            {
                _pausedUntil = now + asked;
            }

            _refusedAt = now;
            return _pausedUntil - now;
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Fill(DateTimeOffset now)
    {
        if (_rate is not { } rate) return;
        if (now - _refusedAt > Forgiven)
        {
            _rate = null;
            return;
        }

        var from = _filledAt > _pausedUntil ? _filledAt : _pausedUntil;
        var seconds = (now - from).TotalSeconds;
        if (seconds <= 0) return;
        _rate = rate = rate < _ceiling ? Math.Min(_ceiling, rate * Math.Pow(Recovery, seconds)) : rate + (Increase * seconds);
        _filledAt = now;
        _tokens = Math.Min(Math.Max(1, rate), _tokens + (rate * seconds));
        _bulkTokens = Math.Min(Math.Max(1, rate * BulkShare), _bulkTokens + (rate * BulkShare * seconds));
    }

    private bool TryTake(JobClass priority)
    {
        if (_rate is null) return true;
        if (_tokens < 1 || (priority == JobClass.Bulk && _bulkTokens < 1)) return false;
        _tokens--;
        if (priority == JobClass.Bulk) _bulkTokens--;
        return true;
    }

    private void Arm(DateTimeOffset now)
    {
        var tokens = _live.Count > 0 ? 1 - _tokens : Math.Max(1 - _tokens, (1 - _bulkTokens) / BulkShare);
        var forToken = _rate is { } rate ? TimeSpan.FromSeconds(Math.Max(0, tokens) / rate) : TimeSpan.Zero;
        var wait = (_pausedUntil > now ? _pausedUntil - now : TimeSpan.Zero) + forToken;
        _timer ??= time.CreateTimer(_ => Release(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(wait < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : wait, Timeout.InfiniteTimeSpan);
    }

    private void Release()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            Fill(now);
            while (now >= _pausedUntil && _live.Count > 0 && TryTake(JobClass.Live)) Admit(_live.Dequeue());
            while (now >= _pausedUntil && _live.Count == 0 && _bulk.Count > 0 && TryTake(JobClass.Bulk)) Admit(_bulk.Dequeue());
            if (_live.Count + _bulk.Count > 0) Arm(now);
        }
    }

    /// <summary>A caller that has given up meanwhile leaves its token unused, which only errs to the safe side.</summary>
    private void Admit(TaskCompletionSource turn)
    {
        _seen.Count();
        turn.SetResult();
    }
}
