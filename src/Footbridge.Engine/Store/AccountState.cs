using System.Text;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Contacts;
using Footbridge.Engine.Events;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Store;

/// <summary>The account's Signal sessions, identities, address pairs and seen ids: read through a cache, changed through batches. Inside the loop only.</summary>
internal sealed class AccountState(IDeviceStore store, Commits commits, TimeProvider time, ILogger logger)
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
        if (_twins.TryGet(key, out var cached)) return cached.Length == 0 ? null : Jid.Parse(cached);
        if (_twins.IsFull) await commits.DrainAsync();
        if (await LidMap.FindTwinAsync(store, user, ct) is not { } twin) return null;
        _twins.Set(key, twin.ToString());
        return twin;
    }

    /// <inheritdoc cref="LearnPairAsync(Jid, Jid, PairSource, DateTimeOffset, StoreBatch, CancellationToken)"/>
    public ValueTask LearnPairAsync(Jid phone, Jid lid, PairSource source, StoreBatch batch, CancellationToken ct) =>
        LearnPairAsync(phone, lid, source, time.GetUtcNow(), batch, ct);

    /// <summary>Notes a statement that a phone and a LID are one person; when it is news, the sessions and identities of the phone, and of the LID it had, move to the LID.</summary>
    /// <remarks>A statement that contradicts an older one replaces it and is told as <see cref="PersonRelinked"/>; one that is older than what it contradicts is dropped.</remarks>
    public async ValueTask LearnPairAsync(Jid phone, Jid lid, PairSource source, DateTimeOffset statedAt, StoreBatch batch, CancellationToken ct)
    {
        (phone, lid) = (phone.ToUser(), lid.ToUser());
        if (!phone.IsPhone || !lid.IsLid) return;
        var (formerLid, formerPhone) = (await TwinAsync(phone, ct), await TwinAsync(lid, ct));
        if (formerLid == lid && formerPhone == phone) return;
        if (formerLid == lid) formerLid = null;
        if (formerPhone == phone) formerPhone = null;
        if (await IsOlderAsync(statedAt, phone, formerLid, ct) || await IsOlderAsync(statedAt, formerPhone, lid, ct))
        {
            logger.PairOutdated(source);
            return;
        }

        Link(phone, lid, formerLid, formerPhone, batch);
        new PersonLink(source.ToString(), statedAt.ToUnixTimeSeconds()).Save(phone, lid, batch);
        var id = $"person:{lid.User}/{phone.User}:{statedAt.ToUnixTimeSeconds()}";
        if (formerLid is null && formerPhone is null)
        {
            batch.Publish(new PersonLinked(id, statedAt, phone, lid, source.ToString()));
        }
        else
        {
            logger.PairReplaced(source);
            batch.Publish(new PersonRelinked(id, statedAt, phone, lid, formerLid, formerPhone, source.ToString()));
        }

        // Whether it is the same person the keys say: a session that does not fit costs a retry.
        foreach (var former in new[] { phone, formerLid }.OfType<Jid>())
        {
            await MoveAsync(StateKind.Session, former, lid, batch, ct);
            await MoveAsync(StateKind.Identity, former, lid, batch, ct);
        }
    }

    /// <summary>Notes the identity key that a device used; another key than before is told as an event. Trust on first use.</summary>
    public async ValueTask NoteIdentityAsync(SignalAddress address, byte[] key, Party person, DateTimeOffset seenAt, StoreBatch batch, CancellationToken ct)
    {
        var known = await store.GetAsync(StateKind.Identity, address.ToString(), ct);
        if (known is not null && known.AsSpan().SequenceEqual(key)) return;
        batch.Put(StateKind.Identity, address.ToString(), key);
        // Companion devices come and go with keys of their own; a person's key is that of the phone.
        if (known is null || address.Device != 0) return;
        batch.Publish(new IdentityChanged($"identity:{address}:{Convert.ToHexStringLower(key.AsSpan(0, Math.Min(8, key.Length)))}", seenAt, person, IsImplicit: true));
    }

    /// <summary>Forgets all sessions with a person's devices and their identities, under both addresses.</summary>
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

            foreach (var (key, _) in await store.ListAsync(StateKind.Identity, SignalAddress.PrefixOf(address), MaxDevices, ct)) batch.Delete(StateKind.Identity, key);
        }
    }

    private const int MaxDevices = 200;

    private async ValueTask<IEnumerable<Jid>> BothAsync(Jid user, CancellationToken ct) =>
        await TwinAsync(user, ct) is { } twin ? [user.ToUser(), twin] : [user.ToUser()];

    private async ValueTask<bool> IsOlderAsync(DateTimeOffset statedAt, Jid? phone, Jid? lid, CancellationToken ct) =>
        phone is { } p && lid is { } l && await PersonLink.LoadAsync(store, p, l, ct) is { } known && known.AtSeconds > statedAt.ToUnixTimeSeconds();

    private void Link(Jid phone, Jid lid, Jid? formerLid, Jid? formerPhone, StoreBatch batch)
    {
        if (formerLid is { } l) Unlink(StateKind.PhoneOfLid, l, batch);
        if (formerPhone is { } p) Unlink(StateKind.LidOfPhone, p, batch);
        _twins.Set(phone.ToString(), lid.ToString());
        _twins.Set(lid.ToString(), phone.ToString());
        batch.Put(StateKind.LidOfPhone, phone.User, Encoding.UTF8.GetBytes(lid.User));
        batch.Put(StateKind.PhoneOfLid, lid.User, Encoding.UTF8.GetBytes(phone.User));
    }

    private void Unlink(StateKind kind, Jid user, StoreBatch batch)
    {
        _twins.Set(user.ToString(), "");
        batch.Delete(kind, user.User);
    }

    /// <summary>Moves what is kept of one address's devices to a LID's; where the LID has its own, that stays.</summary>
    private async ValueTask MoveAsync(StateKind kind, Jid former, Jid lid, StoreBatch batch, CancellationToken ct)
    {
        await commits.DrainAsync();
        foreach (var (key, stored) in await store.ListAsync(kind, SignalAddress.PrefixOf(former), MaxDevices, ct))
        {
            var target = SignalAddress.PrefixOf(lid) + key[(key.LastIndexOf('.') + 1)..];
            batch.Delete(kind, key);
            var isNew = await store.GetAsync(kind, target, ct) is null;
            if (isNew) batch.Put(kind, target, stored);
            if (kind != StateKind.Session) continue;
            _sessions.Set(key, new SessionRecord());
            if (isNew) _sessions.Set(target, SessionRecord.Parse(stored));
        }
    }
}
