namespace Footbridge.Bench.Hostile.Harness;

/// <summary>Runs asynchronous work on the calling thread alone, to its end, so that an input's time and memory are its own.</summary>
internal sealed class Pump : SynchronizationContext
{
    /// <summary>Nothing that runs here waits for anything from outside.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(20);
    private readonly Queue<(SendOrPostCallback Work, object? State)> _queue = new();
    private Task? _running;
    private bool _wasUsed;

    /// <summary>Whether anything of the work on this thread has waited for another part of it; while nothing has, nothing can be under way.</summary>
    public static bool WasUsed => Current is Pump { _wasUsed: true };

    /// <summary>Throws what the work throws; what the work leaves behind is not waited for.</summary>
    public static void Run(Func<Task> work)
    {
        var former = Current;
        var pump = new Pump();
        SetSynchronizationContext(pump);
        try
        {
            pump._running = work();
            if (!pump._running.IsCompleted) pump._running.ContinueWith(_ => pump.Wake(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            while (pump.Next() is { } next) next.Work(next.State);
            pump._running.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(former);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_queue)
        {
            _wasUsed = true;
            _queue.Enqueue((d, state));
            Monitor.Pulse(_queue);
        }
    }

    private void Wake()
    {
        lock (_queue) Monitor.Pulse(_queue);
    }

    /// <summary>Null when the work is done.</summary>
    private (SendOrPostCallback Work, object? State)? Next()
    {
        lock (_queue)
        {
            while (!_running!.IsCompleted)
            {
                if (_queue.TryDequeue(out var next)) return next;
                if (!_running.IsCompleted && !Monitor.Wait(_queue, LongestPause)) throw new InvalidOperationException("it waits for something that never comes");
            }

            return null;
        }
    }
}
