namespace Footbridge.Engine.Store;

/// <summary>A bounded cache in two generations: when the young one is full the old one is dropped. Not thread-safe.</summary>
internal sealed class GenerationCache<T>(int capacity)
{
    private Dictionary<string, T> _young = new(StringComparer.Ordinal);
    private Dictionary<string, T> _old = new(StringComparer.Ordinal);

    /// <summary>Whether the next new key drops the old generation.</summary>
    public bool IsFull => _young.Count >= capacity;

    public bool TryGet(string key, out T value)
    {
        if (_young.TryGetValue(key, out value!)) return true;
        if (!_old.TryGetValue(key, out value!)) return false;
        Set(key, value);
        return true;
    }

    public void Set(string key, T value)
    {
        if (IsFull && !_young.ContainsKey(key)) (_old, _young) = (_young, new(StringComparer.Ordinal));
        _young[key] = value;
    }

    public void Clear()
    {
        _young.Clear();
        _old.Clear();
    }
}
