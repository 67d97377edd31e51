using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Footbridge.Bench.Jobs;

/// <summary>Waits of one length, to a tenth of a millisecond. The platform's own timers make 8 ms of 5 (Node's make 5.1), which would measure them and not the broker.</summary>
internal sealed class FixedDelay : IDisposable
{
    private readonly Channel<(long Due, TaskCompletionSource Over)> _waiting = Channel.CreateUnbounded<(long, TaskCompletionSource)>(new() { SingleReader = true });
    private readonly long _ticks;

    public FixedDelay(TimeSpan length)
    {
        _ticks = (long)(length.TotalSeconds * Stopwatch.Frequency);
        new Thread(Run) { IsBackground = true, Name = "fixed-delay" }.Start();
    }

    public Task WaitAsync()
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Writer.TryWrite((Stopwatch.GetTimestamp() + _ticks, over));
        return over.Task;
    }

    public void Dispose() => _waiting.Writer.TryComplete();

    // All waits are of one length, so they end in the order they began.
    private void Run()
    {
        while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_waiting.Reader.TryRead(out var next))
            {
                var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), next.Due);
                if (left > TimeSpan.Zero) _ = Sleep((uint)left.TotalMicroseconds);
                next.Over.SetResult();
            }
        }
    }

    [DllImport("libc", EntryPoint = "usleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sleep(uint microseconds);
}
