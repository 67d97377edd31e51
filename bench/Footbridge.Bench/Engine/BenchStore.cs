using Footbridge.Engine.Events;
using Footbridge.Engine.Store;

namespace Footbridge.Bench.Engine;

/// <summary>A device store in memory, as the npm client of the comparison keeps its keys; tells each event once.</summary>
internal sealed class BenchStore(Action<EngineEvent> told) : IDeviceStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(StateKind Kind, string Key), byte[]> _state = [];

    public ValueTask<byte[]?> GetAsync(StateKind kind, string key, CancellationToken ct)
    {
        lock (_gate) return new(_state.GetValueOrDefault((kind, key)));
    }

    public ValueTask<IReadOnlyList<KeyValuePair<string, byte[]>>> ListAsync(StateKind kind, string prefix, int limit, CancellationToken ct)
    {
        lock (_gate)
        {
            return new([.. _state.Where(e => e.Key.Kind == kind && e.Key.Key.StartsWith(prefix, StringComparison.Ordinal))
                .OrderBy(e => e.Key.Key, StringComparer.Ordinal).Take(limit).Select(e => KeyValuePair.Create(e.Key.Key, e.Value))]);
        }
    }

    public Task CommitAsync(StoreBatch batch, CancellationToken ct)
    {
        lock (_gate)
        {
            foreach (var (kind, key, value) in batch.Changes)
            {
                if (value is null) _state.Remove((kind, key));
                else _state[(kind, key)] = value;
            }
        }

        foreach (var engineEvent in batch.Events) told(engineEvent);
        return Task.CompletedTask;
    }

    public Task EraseAsync(CancellationToken ct)
    {
        lock (_gate) _state.Clear();
        return Task.CompletedTask;
    }
}
