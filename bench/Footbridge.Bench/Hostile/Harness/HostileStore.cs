using Footbridge.Engine.Events;
using Footbridge.Engine.Store;

namespace Footbridge.Bench.Hostile.Harness;

/// <summary>An account's state in memory: what it was given at first, and over it what the present input changed.</summary>
internal sealed class HostileStore : IDeviceStore
{
    private readonly Dictionary<(StateKind Kind, string Key), byte[]> _given = [];
    private readonly Dictionary<(StateKind Kind, string Key), byte[]?> _changed = [];
    private readonly List<EngineEvent> _events = [];

    public HostileStore(Action<StoreBatch> give)
    {
        var batch = new StoreBatch();
        give(batch);
        foreach (var (kind, key, value) in batch.Changes) _given[(kind, key)] = value!;
    }

    /// <summary>What the present input has given rise to.</summary>
    public IReadOnlyList<EngineEvent> Events => _events;

    /// <summary>As it was given.</summary>
    public void Reset()
    {
        _changed.Clear();
        _events.Clear();
    }

    public ValueTask<byte[]?> GetAsync(StateKind kind, string key, CancellationToken ct) =>
        new(_changed.TryGetValue((kind, key), out var changed) ? changed : _given.GetValueOrDefault((kind, key)));

    public ValueTask<IReadOnlyList<KeyValuePair<string, byte[]>>> ListAsync(StateKind kind, string prefix, int limit, CancellationToken ct)
    {
        var all = _given.Where(e => !_changed.ContainsKey(e.Key)).Concat(_changed.Where(e => e.Value is not null).Select(e => KeyValuePair.Create(e.Key, e.Value!)));
        return new([.. all.Where(e => e.Key.Kind == kind && e.Key.Key.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(e => e.Key.Key, StringComparer.Ordinal).Take(limit).Select(e => KeyValuePair.Create(e.Key.Key, e.Value))]);
    }

    public Task CommitAsync(StoreBatch batch, CancellationToken ct)
    {
        foreach (var (kind, key, value) in batch.Changes) _changed[(kind, key)] = value;
        _events.AddRange(batch.Events);
        return Task.CompletedTask;
    }

    public Task EraseAsync(CancellationToken ct) => Task.CompletedTask;
}
