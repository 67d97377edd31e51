using System.Collections.Concurrent;

namespace Footbridge.Engine.Messages;

/// <summary>Keeps the sends of one chat in the order they were called; chats do not wait for each other.</summary>
internal sealed class ChatLocks
{
    private readonly ConcurrentDictionary<string, Task> _tails = new(StringComparer.Ordinal);

    public async Task<T> RunAsync<T>(string chat, Func<Task<T>> work, CancellationToken ct)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before = Task.CompletedTask;
        _ = _tails.AddOrUpdate(chat, done.Task, (_, tail) =>
        {
            before = tail;
            return done.Task;
        });
        try
        {
            await before.WaitAsync(ct);
            return await work();
        }
        finally
        {
            // Whoever comes next waits for both: this turn and, if this turn was given up early, the one before.
            _ = before.ContinueWith(_ => done.SetResult(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            _tails.TryRemove(new(chat, done.Task));
        }
    }
}
