using System.Collections.Concurrent;
using System.Text.Json;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Contacts;

/// <summary>Which devices a person has: asked from the server, and kept, across restarts too, for a day or until a notification says otherwise.</summary>
/// <remarks>Thread-safe. <see cref="GetAsync"/> asks outside the loop; notifications are applied inside it. Source: docs/protocol/devices-lid.md.</remarks>
internal sealed class DeviceLists(AccountContext context)
{
    private const int MaxCached = 5000;
    private const int MaxPerQuery = 500;
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);

    // A person whose list must be asked for again has an entry that is older than anything.
    private readonly ConcurrentDictionary<Jid, Entry> _cache = new();
    private long _changes;

    /// <summary>A person's devices by number, and the LID when the server told it.</summary>
    public async Task<IReadOnlyDictionary<Jid, Entry>> GetAsync(IReadOnlyCollection<Jid> users, CancellationToken ct)
    {
        var found = new Dictionary<Jid, Entry>();
        var missing = new List<Jid>();
        foreach (var user in users)
        {
            if (await FindAsync(user.ToUser(), ct) is { } entry && context.Time.GetUtcNow() - entry.FetchedAt < MaxAge) found[user] = entry;
            else missing.Add(user);
        }

        foreach (var chunk in missing.Chunk(MaxPerQuery)) await AskAsync(chunk, found, ct);
        return found;
    }

    /// <summary>Makes the next send ask for a person's devices.</summary>
    public void Forget(Jid user)
    {
        Interlocked.Increment(ref _changes);
        _cache[user.ToUser()] = Entry.Outdated;
    }

    /// <summary>The same, also for the time after a restart. Of a person whose devices were never asked for there is nothing to forget.</summary>
    public async ValueTask ForgetAsync(Jid user, StoreBatch batch, CancellationToken ct)
    {
        if (await FindAsync(user.ToUser(), ct) is null) Interlocked.Increment(ref _changes);
        else Forget(user, batch);
    }

    /// <summary>Forgets everybody's devices: the server says that it cannot tell what has changed.</summary>
    public async ValueTask ForgetAllAsync(StoreBatch batch, CancellationToken ct)
    {
        foreach (var (key, _) in await context.Store.ListAsync(StateKind.DeviceList, "", int.MaxValue, ct)) Forget(Jid.Parse(key), batch);
        foreach (var user in _cache.Keys) Forget(user);
    }

    /// <summary>Adds or removes one device as a notification says, and keeps the list only when its hash is the one the notification has.</summary>
    /// <param name="hash">The hash over the person's devices under <paramref name="user"/>'s kind of address.</param>
    /// <returns>Whether the changed list was kept.</returns>
    public async ValueTask<bool> ApplyAsync(Jid user, ushort device, bool isAdded, string hash, StoreBatch batch, CancellationToken ct)
    {
        user = user.ToUser();
        if (await FindAsync(user, ct) is not { } known || known == Entry.Outdated) return false;
        Interlocked.Increment(ref _changes);
        var numbers = known.Devices.Where(d => d != device);
        var changed = known with { Devices = [.. (isAdded ? numbers.Append(device) : numbers).Order()] };
        if (ParticipantHash.Of(changed.Devices.Select(user.WithDevice)) != hash)
        {
            Forget(user, batch);
            return false;
        }

        _cache[user] = changed;
        Stored.Of(changed).Save(user, batch);
        return true;
    }

    private void Forget(Jid user, StoreBatch batch)
    {
        Forget(user);
        batch.Delete(StateKind.DeviceList, user.ToUser().ToString());
    }

    private async ValueTask<Entry?> FindAsync(Jid user, CancellationToken ct)
    {
        if (_cache.TryGetValue(user, out var cached)) return cached;
        var changes = Interlocked.Read(ref _changes);
        if (await Stored.LoadAsync(context.Store, user, ct) is not { } stored) return null;
        var entry = stored.ToEntry();
        if (Interlocked.Read(ref _changes) == changes) Keep(user, entry);
        return entry;
    }

    private async Task AskAsync(Jid[] users, Dictionary<Jid, Entry> found, CancellationToken ct)
    {
        var changes = Interlocked.Read(ref _changes);
        var answer = await context.Link.QueryAsync(UsyncStanzas.Devices(users), context.Options.QueryTimeout, ct);
        var told = new List<(Jid User, Entry Entry)>();
        foreach (var user in answer.Path("usync", "list")?.ChildrenOf("user") ?? [])
        {
            if (user.JidOf("jid")?.ToUser() is not { } jid) continue;
            var devices = user.Path("devices", "device-list")?.ChildrenOf("device") ?? [];
            var entry = new Entry([.. devices.Where(IsUsable).Select(d => (ushort)d.LongOf("id")!.Value)], user.Child("lid")?.JidOf("val")?.ToUser(), context.Time.GetUtcNow());
            found[jid] = entry;
            told.Add((jid, entry));
        }

        await context.ChangeAsync((batch, _) =>
        {
            // What changed while the answer was on its way may not be in it.
            if (Interlocked.Read(ref _changes) != changes) return ValueTask.CompletedTask;
            foreach (var (user, entry) in told)
            {
                Keep(user, entry);
                Stored.Of(entry).Save(user, batch);
            }

            return ValueTask.CompletedTask;
        }, ct);
    }

    private void Keep(Jid user, Entry entry)
    {
        if (_cache.Count > MaxCached) DropOldest();
        _cache[user] = entry;
    }

    /// <summary>Drops what the store has as well; what is outdated stays, for the store may not know yet.</summary>
    private void DropOldest()
    {
        foreach (var (user, entry) in _cache)
        {
            if (entry != Entry.Outdated) _cache.TryRemove(user, out _);
        }
    }

    private static bool IsUsable(Node device) =>
        device.LongOf("id") is >= 0 and <= ushort.MaxValue and var id && (id == 0 || device["key-index"] is not null) && device["is_hosted"] != "true";

    internal sealed record Entry(IReadOnlyList<ushort> Devices, Jid? Lid, DateTimeOffset FetchedAt)
    {
        public static Entry Outdated { get; } = new([], null, DateTimeOffset.MinValue);
    }

    /// <summary>A list as it lies in the store.</summary>
    internal sealed record Stored(ushort[] Devices, string? Lid, long FetchedAtSeconds)
    {
        public static Stored Of(Entry entry) => new([.. entry.Devices], entry.Lid?.ToString(), entry.FetchedAt.ToUnixTimeSeconds());

        public static ValueTask<Stored?> LoadAsync(IDeviceStore store, Jid user, CancellationToken ct) =>
            StoredJson.LoadAsync(store, StateKind.DeviceList, user.ToString(), ContactsJson.Default.Stored, "a stored device list", ct);

        public Entry ToEntry() => new(Devices, Lid is null ? null : Jid.Parse(Lid), DateTimeOffset.FromUnixTimeSeconds(FetchedAtSeconds));

        public void Save(Jid user, StoreBatch batch) =>
            batch.Put(StateKind.DeviceList, user.ToString(), JsonSerializer.SerializeToUtf8Bytes(this, ContactsJson.Default.Stored));
    }
}
