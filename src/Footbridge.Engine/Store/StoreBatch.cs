using Footbridge.Engine.Events;

namespace Footbridge.Engine.Store;

/// <summary>One change of one piece of state; a null value deletes it.</summary>
public readonly record struct StateChange(StateKind Kind, string Key, byte[]? Value);

/// <summary>State changes and the events they gave rise to, which become durable together or not at all.</summary>
public sealed class StoreBatch
{
    private readonly List<StateChange> _changes = [];
    private readonly List<EngineEvent> _events = [];

    public IReadOnlyList<StateChange> Changes => _changes;

    public IReadOnlyList<EngineEvent> Events => _events;

    public bool IsEmpty => _changes.Count == 0 && _events.Count == 0;

    public void Put(StateKind kind, string key, byte[] value) => _changes.Add(new(kind, key, value));

    public void Delete(StateKind kind, string key) => _changes.Add(new(kind, key, null));

    public void Publish(EngineEvent engineEvent) => _events.Add(engineEvent);
}
