using System.Collections.Concurrent;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Connection;

/// <summary>Answers somebody waits for, by key. A lost connection fails them all.</summary>
internal sealed class Waiters(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Node>> _waiting = new(StringComparer.Ordinal);

    /// <exception cref="TimeoutException">Nothing came in time.</exception>
    public Task<Node> WaitAsync(string key, TimeSpan timeout, CancellationToken ct) => WaitAsync(key, Task.CompletedTask, timeout, ct);

    /// <param name="begins">The time limit runs from here on; when it ends without success, so does the wait.</param>
    /// <exception cref="TimeoutException">Nothing came in time.</exception>
    public async Task<Node> WaitAsync(string key, Task begins, TimeSpan timeout, CancellationToken ct)
    {
        var waiter = _waiting.GetOrAdd(key, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await await Task.WhenAny(waiter.Task, begins).WaitAsync(ct);
            return await waiter.Task.WaitAsync(timeout, time, ct);
        }
        finally
        {
            _waiting.TryRemove(new(key, waiter));
        }
    }

    public bool TryComplete(string key, Node answer) => _waiting.TryRemove(key, out var waiter) && waiter.TrySetResult(answer);

    public void FailAll(string why)
    {
        foreach (var (key, waiter) in _waiting)
        {
            if (_waiting.TryRemove(new(key, waiter))) waiter.TrySetException(new NotOnlineException(why));
        }
    }
}
