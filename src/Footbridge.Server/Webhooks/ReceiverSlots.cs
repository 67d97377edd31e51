namespace Footbridge.Server.Webhooks;

/// <summary>How many requests one receiver gets at the same time: a slow one must not take every job's place from the others.</summary>
internal sealed class ReceiverSlots
{
    /// <summary>Of all jobs that run at the same time (50 by default).</summary>
    public const int PerReceiver = 12;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _busy = new(StringComparer.Ordinal);

    /// <summary>A slot to dispose of, or null when the receiver has all of its own.</summary>
    public IDisposable? TryTake(string url)
    {
        lock (_gate)
        {
            var busy = _busy.GetValueOrDefault(url);
            if (busy >= PerReceiver) return null;
            _busy[url] = busy + 1;
            return new Slot(this, url);
        }
    }

    private void Free(string url)
    {
        lock (_gate)
        {
            if (_busy[url] == 1) _busy.Remove(url);
            else _busy[url]--;
        }
    }

    private sealed class Slot(ReceiverSlots slots, string url) : IDisposable
    {
        private int _freed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _freed, 1) == 0) slots.Free(url);
        }
    }
}
