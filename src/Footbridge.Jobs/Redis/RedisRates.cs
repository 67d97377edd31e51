using System.Globalization;
using StackExchange.Redis;

namespace Footbridge.Jobs.Redis;

/// <summary>Reads the rings that <c>finish.lua</c> counts in: field queue, kind, slot; value minute and count in one number.</summary>
internal static class RedisRates
{
    private const long CountRoom = 10_000_000;

    public static IReadOnlyList<QueueRates> Read(long nowMs, RedisResult[] fieldsAndValues)
    {
        var oldest = (nowMs / 60_000) - QueueRates.Minutes + 1;
        var rings = new SortedDictionary<string, (int[] Completed, int[] Failed)>(StringComparer.Ordinal);
        foreach (var pair in fieldsAndValues.Chunk(2))
        {
            var (field, value) = (((string)pair[0]!).Split('\0'), long.Parse((string)pair[1]!, CultureInfo.InvariantCulture));
            if (!rings.TryGetValue(field[0], out var ring)) rings[field[0]] = ring = (new int[QueueRates.Minutes], new int[QueueRates.Minutes]);
            var minute = (value / CountRoom) - oldest;
            if (minute is >= 0 and < QueueRates.Minutes) (field[1] == "c" ? ring.Completed : ring.Failed)[minute] = (int)(value % CountRoom);
        }

        return [.. rings.Select(ring => new QueueRates(ring.Key, ring.Value.Completed, ring.Value.Failed))];
    }
}
