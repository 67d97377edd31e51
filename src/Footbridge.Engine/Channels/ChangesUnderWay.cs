using System.Collections.Concurrent;

namespace Footbridge.Engine.Channels;

/// <summary>
/// Changes of channel messages that wait for their ack. A change leaves under the id of the message it changes, and so comes its ack: this says
/// under which id it lies in the outbox. One at a time for each message, since their acks cannot be told apart. May be called from any thread.
/// </summary>
internal sealed class ChangesUnderWay
{
    private readonly ConcurrentDictionary<string, Change> _byTarget = new(StringComparer.Ordinal);

    /// <summary>Completes when no earlier change of a message waits any more, whatever became of it.</summary>
    public Task EarlierAsync(string target, string id, CancellationToken ct) =>
        _byTarget.TryGetValue(target, out var earlier) && earlier.Id != id ? Task.WhenAny(earlier.Ack).WaitAsync(ct) : Task.CompletedTask;

    public void Add(string target, string id, Task ack) => _byTarget[target] = new(id, ack);

    /// <summary>The id in the outbox of what an ack with this id acknowledges.</summary>
    public string Resolve(string id) => _byTarget.TryRemove(id, out var change) ? change.Id : id;

    private sealed record Change(string Id, Task Ack);
}
