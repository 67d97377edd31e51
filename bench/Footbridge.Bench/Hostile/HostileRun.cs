using System.Diagnostics;
using Footbridge.Protocol;

namespace Footbridge.Bench.Hostile;

/// <summary>Feeds a parser and holds it to its promise: take or refuse, soon, and without eating the memory.</summary>
internal sealed class HostileRun(HostileTarget target, int seed, bool watchesHeap)
{
    /// <summary>What one input may allocate, and what the heap may hold at any input's end.</summary>
    public const long MaxMemoryBytes = 256L * 1024 * 1024;

    private const int MaxShownBytes = 4096;
    private const int HeapLookEvery = 64;
    private const int MaxTries = 5;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private int _accepted;
    private long _allocated;
    private long _largest;
    private long _peak;
    private TimeSpan _slowest;

    public HostileResult Run(int count)
    {
        var began = Stopwatch.GetTimestamp();
        var making = TimeSpan.Zero;
        string? failure = null;
        var index = 0;
        for (; index < count && failure is null; index++)
        {
            var start = Stopwatch.GetTimestamp();
            var input = target.Inputs.Make(index);
            making += Stopwatch.GetElapsedTime(start);
            if (Feed(input, index) is { } why) failure = Describe(why, input, index);
        }

        return new(target.Name, index, _accepted, Stopwatch.GetElapsedTime(began) - making, _slowest, _allocated, _largest, _peak, failure);
    }

    private string? Feed(byte[] input, int index)
    {
        var (error, time, isAccepted) = Once(input, index, out var allocated);
        if (error is not null) return error;
        // The machine may have been busy elsewhere: only an input that is slow each time is.
        for (var tries = 1; time > MaxTime && tries < MaxTries; tries++) (error, time, _) = Once(input, index, out _);
        if (time > _slowest) _slowest = time;
        if (isAccepted) _accepted++;
        _allocated += allocated;
        _largest = Math.Max(_largest, allocated);
        if (time > MaxTime) return $"took {time.TotalMilliseconds:F0} ms";
        if (allocated > MaxMemoryBytes) return $"allocated {allocated} bytes";
        return _peak > MaxMemoryBytes ? $"left {_peak} bytes on the heap" : error;
    }

    private (string? Error, TimeSpan Time, bool IsAccepted) Once(byte[] input, int index, out long allocated)
    {
        var before = AllocatedBytes();
        var (start, spent) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        string? error = null;
        object? result = null;
        try
        {
            result = target.Parse(input);
        }
        catch (ProtocolException) when (target.MayThrow)
        {
            // Refused, as it should be.
        }
        catch (Exception e)
        {
            error = e.ToString();
        }

        var time = TimeOf(Stopwatch.GetElapsedTime(start), Environment.CpuUsage.TotalTime - spent);
        allocated = AllocatedBytes() - before;
        if (watchesHeap && (index % HeapLookEvery == 0 || allocated > 1 << 20)) _peak = Math.Max(_peak, HeapBytes());
        GC.KeepAlive(result);
        return (error, time, result is not null);
    }

    /// <summary>By the clock; when that is too long, by the processor: others may have had it. What waits without working is found all the same.</summary>
    private static TimeSpan TimeOf(TimeSpan elapsed, TimeSpan spent) => elapsed > MaxTime && elapsed < LongestPause && spent < elapsed ? spent : elapsed;

    /// <summary>With what has not been collected yet, unless that would be too much: only what is held counts then.</summary>
    private static long HeapBytes() => GC.GetTotalMemory(false) is var bytes && bytes <= MaxMemoryBytes ? bytes : GC.GetTotalMemory(true);

    /// <summary>Of all threads, when nothing else runs in the process: some parsers go on in the background.</summary>
    private long AllocatedBytes() => watchesHeap ? GC.GetTotalAllocatedBytes() : GC.GetAllocatedBytesForCurrentThread();

    private string Describe(string why, byte[] input, int index) =>
        $"{target.Name}: seed {seed}, input {index} ({input.Length} bytes"
        + $"{(input.Length > MaxShownBytes ? ", the first of them" : "")}): {Convert.ToHexString(input.AsSpan(0, Math.Min(input.Length, MaxShownBytes)))}\n{why}";
}
