using System.Collections.Concurrent;

namespace Footbridge.Server;

/// <summary>Work that goes on by itself and handles its own errors; only who stops the process waits for it.</summary>
internal sealed class UnattendedTasks
{
    private readonly ConcurrentDictionary<Task, bool> _running = new();

    public void Add(Task task)
    {
        _running[task] = true;
        _ = task.ContinueWith(done => _running.TryRemove(done, out _), TaskScheduler.Default);
    }

    /// <summary>Completes when all of it has ended, however.</summary>
    public async Task EndedAsync() => await Task.WhenAll(_running.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
