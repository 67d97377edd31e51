using System.Collections.Concurrent;

namespace Footbridge.Jobs;

/// <summary>Counts finished jobs by queue and minute for the last hour, in memory: since this process began.</summary>
internal sealed class JobRates
{
    private const int MinuteMs = 60_000;
    private readonly ConcurrentDictionary<string, Ring> _rings = new(StringComparer.Ordinal);

    public void Count(string queue, bool isFailed, long nowMs)
    {
        var ring = _rings.GetOrAdd(queue, _ => new Ring());
        lock (ring) ring.Count(isFailed, nowMs / MinuteMs);
    }

    public IReadOnlyList<QueueRates> At(long nowMs) =>
        [.. _rings.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry =>
        {
            lock (entry.Value) return entry.Value.At(entry.Key, nowMs / MinuteMs);
        })];

    private sealed class Ring
    {
        private readonly (long Minute, int Completed, int Failed)[] _minutes = new (long, int, int)[QueueRates.Minutes];

        public void Count(bool isFailed, long minute)
        {
            ref var slot = ref _minutes[minute % QueueRates.Minutes];
            if (slot.Minute != minute) slot = (minute, 0, 0);
            if (isFailed) slot.Failed++;
            else slot.Completed++;
        }

        public QueueRates At(string queue, long minute)
        {
            var (completed, failed) = (new int[QueueRates.Minutes], new int[QueueRates.Minutes]);
            for (var i = 0; i < QueueRates.Minutes; i++)
            {
                var wanted = minute - QueueRates.Minutes + 1 + i;
                var slot = _minutes[wanted % QueueRates.Minutes];
                if (slot.Minute == wanted) (completed[i], failed[i]) = (slot.Completed, slot.Failed);
            }

            return new QueueRates(queue, completed, failed);
        }
    }
}
