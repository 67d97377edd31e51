using System.Collections.Concurrent;
using System.Globalization;
using Footbridge.Protocol.Xml;

namespace Footbridge.Simulator.WhatsApp.People;

/// <summary>Pictures of accounts and groups, by owner and by the id in their address.</summary>
internal sealed class PictureBook
{
    private readonly ConcurrentDictionary<Jid, string> _current = new();
    private readonly ConcurrentDictionary<string, byte[]> _bytes = new(StringComparer.Ordinal);
    private long _lastId = 1_700_000_000;

    public string? IdOf(Jid owner) => _current.GetValueOrDefault(owner);

    public byte[]? Find(string id) => _bytes.GetValueOrDefault(id);

    public string Set(Jid owner, byte[] jpeg)
    {
        var id = Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);
        _bytes[id] = jpeg;
        _current[owner] = id;
        return id;
    }

    public void Remove(Jid owner) => _current.TryRemove(owner, out _);
}
