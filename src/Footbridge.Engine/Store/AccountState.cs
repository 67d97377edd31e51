using System.Text;
using Footbridge.Engine.Contacts;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Store;

/// <summary>The account's Signal sessions, identities, address pairs and seen ids: read through a cache, changed through batches. Inside the loop only.</summary>
internal sealed class AccountState(IDeviceStore store, Commits commits)
{
    private const int CachedSessions = 1024;
    private const int CachedIds = 4096;
    private static readonly byte[] Taken = [1];
    private readonly GenerationCache<SessionRecord> _sessions = new(CachedSessions);
    private readonly GenerationCache<byte[]> _seen = new(CachedIds);
    private readonly GenerationCache<string> _twins = new(CachedIds);

    /// <summary>The sessions with a device; an empty record when there are none yet.</summary>
    public async ValueTask<SessionRecord> SessionAsync(SignalAddress address, CancellationToken ct)
    {
        var key = address.ToString();
        if (_sessions.TryGet(key, out var cached)) return cached;
        if (_sessions.IsFull) await commits.DrainAsync();
        var record = await store.GetAsync(StateKind.Session, key, ct) is { } stored ? SessionRecord.Parse(stored) : new SessionRecord();
        _sessions.Set(key, record);
        return record;
    }

    public static void SaveSession(SignalAddress address, SessionRecord record, StoreBatch batch) =>
        batch.Put(StateKind.Session, address.ToString(), record.Serialize());

    /// <summary>Whether a message id has been taken in (or, after <see cref="MarkSeen"/>, what was noted with it).</summary>
    public async ValueTask<bool> IsSeenAsync(string key, CancellationToken ct)
    {
        if (_seen.TryGet(key, out _)) return true;
        if (_seen.IsFull) await commits.DrainAsync();
        if (await store.GetAsync(StateKind.Seen, key, ct) is not { } stored) return false;
        _seen.Set(key, stored);
        return true;
    }

    public void MarkSeen(string key, StoreBatch batch)
    {
        _seen.Set(key, Taken);
        batch.Put(StateKind.Seen, key, Taken);
    }

    /// <summary>The phone for a LID or the LID for a phone, or null. Without device.</summary>
    public async ValueTask<Jid?> TwinAsync(Jid user, CancellationToken ct)
    {
        var key = user.ToUser().ToString();
        if (_twins.TryGet(key, out var cached)) return Jid.Parse(cached);
        if (await LidMap.FindTwinAsync(store, user, ct) is not { } twin) return null;
        _twins.Set(key, twin.ToString());
        return twin;
    }

    /// <summary>Notes that a phone and a LID are one person, and moves the phone's sessions to the LID when it is news.</summary>
    public async ValueTask LearnPairAsync(Jid phone, Jid lid, StoreBatch batch, CancellationToken ct)
    {
        (phone, lid) = (phone.ToUser(), lid.ToUser());
        if (!phone.IsPhone || !lid.IsLid || await TwinAsync(phone, ct) == lid) return;
        _twins.Set(phone.ToString(), lid.ToString());
        _twins.Set(lid.ToString(), phone.ToString());
        batch.Put(StateKind.LidOfPhone, phone.User, Encoding.UTF8.GetBytes(lid.User));
        batch.Put(StateKind.PhoneOfLid, lid.User, Encoding.UTF8.GetBytes(phone.User));
        await MoveSessionsAsync(phone, lid, batch, ct);
    }

    /// <summary>Forgets all sessions with a person's devices, under both addresses.</summary>
    public async ValueTask ForgetSessionsAsync(Jid user, StoreBatch batch, CancellationToken ct)
    {
        await commits.DrainAsync();
        foreach (var address in await BothAsync(user, ct))
        {
            foreach (var (key, _) in await store.ListAsync(StateKind.Session, SignalAddress.PrefixOf(address), MaxDevices, ct))
            {
                batch.Delete(StateKind.Session, key);
                _sessions.Set(key, new SessionRecord());
            }
        }
    }

    private const int MaxDevices = 200;

    private async ValueTask<IEnumerable<Jid>> BothAsync(Jid user, CancellationToken ct) =>
        await TwinAsync(user, ct) is { } twin ? [user.ToUser(), twin] : [user.ToUser()];

    private async ValueTask MoveSessionsAsync(Jid phone, Jid lid, StoreBatch batch, CancellationToken ct)
    {
        await commits.DrainAsync();
        foreach (var (key, stored) in await store.ListAsync(StateKind.Session, SignalAddress.PrefixOf(phone), MaxDevices, ct))
        {
            var target = SignalAddress.PrefixOf(lid) + key[(key.LastIndexOf('.') + 1)..];
            batch.Delete(StateKind.Session, key);
            _sessions.Set(key, new SessionRecord());
            if (await store.GetAsync(StateKind.Session, target, ct) is not null) continue;
            batch.Put(StateKind.Session, target, stored);
            _sessions.Set(target, SessionRecord.Parse(stored));
        }
    }
}
