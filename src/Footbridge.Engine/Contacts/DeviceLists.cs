using System.Collections.Concurrent;
using Footbridge.Engine.Connection;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Contacts;

/// <summary>Which devices a person has: asked from the server, kept for a day or until a notification says otherwise.</summary>
/// <remarks>Thread-safe; asks outside the loop. Source: docs/protocol/devices-lid.md.</remarks>
internal sealed class DeviceLists(ILink link, WaClientOptions options, TimeProvider time)
{
    private const int MaxCached = 5000;
    private const int UsersPerQuery = 500;
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);
    private readonly ConcurrentDictionary<Jid, Entry> _cache = new();

    /// <summary>A person's devices by number, and the LID when the server told it.</summary>
    public async Task<IReadOnlyDictionary<Jid, Entry>> GetAsync(IReadOnlyCollection<Jid> users, CancellationToken ct)
    {
        var found = new Dictionary<Jid, Entry>();
        var missing = new List<Jid>();
        foreach (var user in users)
        {
            if (_cache.TryGetValue(user, out var entry) && time.GetElapsedTime(entry.FetchedAt) < MaxAge) found[user] = entry;
            else missing.Add(user);
        }

        foreach (var chunk in missing.Chunk(UsersPerQuery)) await AskAsync(chunk, found, ct);
        return found;
    }

    public void Forget(Jid user) => _cache.TryRemove(user.ToUser(), out _);

    private async Task AskAsync(IReadOnlyCollection<Jid> users, Dictionary<Jid, Entry> found, CancellationToken ct)
    {
        var answer = await link.QueryAsync(UsyncStanzas.Devices(users), options.QueryTimeout, ct);
        if (_cache.Count > MaxCached) _cache.Clear();
        foreach (var user in answer.Path("usync", "list")?.ChildrenOf("user") ?? [])
        {
            if (user.JidOf("jid") is not { } jid) continue;
            var devices = user.Path("devices", "device-list")?.ChildrenOf("device") ?? [];
            var entry = new Entry([.. devices.Where(IsUsable).Select(d => (ushort)d.LongOf("id")!.Value)], user.Child("lid")?.JidOf("val")?.ToUser(), time.GetTimestamp());
            _cache[jid.ToUser()] = entry;
            found[jid.ToUser()] = entry;
        }
    }

    private static bool IsUsable(Node device) =>
        device.LongOf("id") is >= 0 and <= ushort.MaxValue and var id && (id == 0 || device["key-index"] is not null) && device["is_hosted"] != "true";

    internal sealed record Entry(IReadOnlyList<ushort> Devices, Jid? Lid, long FetchedAt);
}
