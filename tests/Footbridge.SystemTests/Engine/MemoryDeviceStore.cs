using System.Collections.Concurrent;
using Footbridge.Engine.Events;
using Footbridge.Engine.Store;

namespace Footbridge.SystemTests.Engine;

/// <summary>A device store in memory that can fail or forget, as a disk and a crash do.</summary>
internal sealed class MemoryDeviceStore : IDeviceStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<(StateKind Kind, string Key), byte[]> _state =
        new(Comparer<(StateKind Kind, string Key)>.Create((a, b) => a.Kind != b.Kind ? a.Kind.CompareTo(b.Kind) : string.CompareOrdinal(a.Key, b.Key)));

    private readonly List<EngineEvent> _events = [];
    private TaskCompletionSource _committed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(Func<EngineEvent, bool> Matches, TaskCompletionSource<EngineEvent> Found)> _waiting = [];

    private readonly List<TaskCompletionSource> _held = [];
    private TaskCompletionSource _heldEnough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _heldCount = int.MaxValue;

    private readonly List<((StateKind, string) Key, TaskCompletionSource Done)> _written = [];

    /// <summary>Commits from this one on fail, counted from 0.</summary>
    public int FailFrom { get; set; } = int.MaxValue;

    /// <summary>Commits of such batches fail, and all after them.</summary>
    public Func<StoreBatch, bool>? FailWhen { get; set; }

    /// <summary>Such batches are kept back, as by a slow disk, until <see cref="LetGo"/>.</summary>
    public Func<StoreBatch, bool>? HoldWhen { get; set; }

    public int Commits { get; private set; }

    public IReadOnlyList<EngineEvent> Events
    {
        get
        {
            lock (_gate) return [.. _events];
        }
    }

    public ValueTask<byte[]?> GetAsync(StateKind kind, string key, CancellationToken ct)
    {
        lock (_gate) return new(_state.GetValueOrDefault((kind, key)));
    }

    public ValueTask<IReadOnlyList<KeyValuePair<string, byte[]>>> ListAsync(StateKind kind, string prefix, int limit, CancellationToken ct)
    {
        lock (_gate)
        {
            return new([.. _state.Where(e => e.Key.Kind == kind && e.Key.Key.StartsWith(prefix, StringComparison.Ordinal)).Take(limit)
                .Select(e => KeyValuePair.Create(e.Key.Key, e.Value))]);
        }
    }

    public Task CommitAsync(StoreBatch batch, CancellationToken ct)
    {
        lock (_gate)
        {
            if (HoldWhen?.Invoke(batch) == true) return HoldAsync(batch, ct);
            if (FailWhen?.Invoke(batch) == true) FailFrom = Commits;
            if (Commits++ >= FailFrom) return Task.FromException(new IOException("the disk is full"));
            foreach (var (kind, key, value) in batch.Changes)
            {
                if (value is null) _state.Remove((kind, key));
                else _state[(kind, key)] = value;
            }

            foreach (var engineEvent in batch.Events) Tell(engineEvent);
            var committed = _committed;
            _committed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            committed.SetResult();
            _written.RemoveAll(waiter => _state.ContainsKey(waiter.Key) && waiter.Done.TrySetResult());
            return Task.CompletedTask;
        }
    }

    /// <summary>Completes when so many batches are being kept back.</summary>
    public Task WaitHeldAsync(int count, CancellationToken ct)
    {
        lock (_gate)
        {
            _heldCount = count;
            _heldEnough = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_held.Count >= count) _heldEnough.SetResult();
            return _heldEnough.Task.WaitAsync(ct);
        }
    }

    /// <summary>Makes durable what was kept back, in its order, and keeps nothing back any longer.</summary>
    public void LetGo()
    {
        lock (_gate)
        {
            HoldWhen = null;
            foreach (var held in _held) held.SetResult();
            _held.Clear();
        }
    }

    /// <summary>Completes with the next commit.</summary>
    public Task WaitCommitAsync(CancellationToken ct)
    {
        lock (_gate) return _committed.Task.WaitAsync(ct);
    }

    public Task EraseAsync(CancellationToken ct)
    {
        lock (_gate) _state.Clear();
        return Task.CompletedTask;
    }

    /// <summary>Completes when there is a value under a key.</summary>
    public Task WaitForAsync(StateKind kind, string key, CancellationToken ct)
    {
        lock (_gate)
        {
            if (_state.ContainsKey((kind, key))) return Task.CompletedTask;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _written.Add(((kind, key), done));
            return done.Task.WaitAsync(ct);
        }
    }

    /// <summary>Loses all state of a kind.</summary>
    public void DeleteAll(StateKind kind)
    {
        lock (_gate)
        {
            foreach (var key in _state.Keys.Where(k => k.Kind == kind).ToList()) _state.Remove(key);
        }
    }

    /// <summary>The first event, past or to come, that matches.</summary>
    public async Task<T> WaitAsync<T>(Func<T, bool> matches, CancellationToken ct) where T : EngineEvent
    {
        Task<EngineEvent> found;
        lock (_gate)
        {
            if (_events.OfType<T>().FirstOrDefault(matches) is { } past) return past;
            var waiter = new TaskCompletionSource<EngineEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((e => e is T typed && matches(typed), waiter));
            found = waiter.Task;
        }

        return (T)await found.WaitAsync(ct);
    }

    private async Task HoldAsync(StoreBatch batch, CancellationToken ct)
    {
        var held = new TaskCompletionSource();
        _held.Add(held);
        if (_held.Count >= _heldCount) _heldEnough.TrySetResult();
        await held.Task;
        await CommitAsync(batch, ct);
    }

    private void Tell(EngineEvent engineEvent)
    {
        _events.Add(engineEvent);
        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            if (!_waiting[i].Matches(engineEvent)) continue;
            _waiting[i].Found.TrySetResult(engineEvent);
            _waiting.RemoveAt(i);
        }
    }
}
