using Footbridge.Engine.Connection;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.AppState;
using Footbridge.Protocol.Generated;
using Google.Protobuf;

namespace Footbridge.Engine.AppState;

/// <summary>Opens, checks and stores what the server has of a collection. Outside the loop; what it found genuine is committed inside.</summary>
internal sealed class CollectionApplier(AccountContext context, CollectionStore store, AppStateBlobs blobs)
{
    /// <summary>Records of a snapshot that one commit takes in, so that the loop is not kept for long.</summary>
    private const int SliceSize = 500;
    private readonly SyncEffects _effects = new(context);

    /// <exception cref="MissingAppStateKeyException">The phone must be asked for a key first.</exception>
    /// <exception cref="AppStateMismatchException">What came does not fit what is here.</exception>
    /// <exception cref="ProtocolException">What came is malformed.</exception>
    /// <exception cref="Media.MediaFailedException">A blob could not be fetched.</exception>
    public async Task ApplyAsync(CollectionAnswer answer, CancellationToken ct)
    {
        var ring = await Keyring.LoadAsync(context.Store, ct);
        if (answer.Snapshot is { } snapshot) await ApplySnapshotAsync(answer.Name, await blobs.ReadAsync(SyncdSnapshot.Parser, snapshot, ct), ring, ct);
        foreach (var patch in answer.Patches) await ApplyPatchAsync(answer.Name, patch, ring, ct);
        if (!answer.HasMore && await store.FindAsync(answer.Name, ct) is null)
        {
            await CommitAsync((batch, _) => Put(answer.Name, CollectionState.Empty, batch), ct);
        }
    }

    /// <summary>Makes a collection what it is said to be, telling of what differs; a crash in between leaves it to be fetched again.</summary>
    public async Task ReplaceAsync(string collection, CollectionState state, IReadOnlyList<SyncRecord> records, CancellationToken ct)
    {
        var former = (await store.ListAsync(collection, ct)).ToDictionary(r => Convert.ToHexString(r.IndexMac), StringComparer.Ordinal);
        var changed = records.Where(r => !former.Remove(Convert.ToHexString(r.IndexMac), out var old) || !old.ValueMac.AsSpan().SequenceEqual(r.ValueMac)).ToList();
        var stays = records.Select(r => r.Data.Index).ToHashSet();
        var gone = former.Values.Select(r => r with { IsSet = false }).ToList();
        await CommitAsync(async (batch, stop) =>
        {
            CollectionStore.Delete(collection, batch);
            foreach (var record in gone) await TakeAsync(collection, record, !stays.Contains(record.Data.Index), batch, stop);
        }, ct);
        foreach (var slice in changed.Chunk(SliceSize))
        {
            await CommitAsync(async (batch, stop) =>
            {
                foreach (var record in slice) await TakeAsync(collection, record, true, batch, stop);
            }, ct);
        }

        await CommitAsync((batch, _) => Put(collection, state, batch), ct);
        context.Logger.AppStateSynced(collection, state.Version);
    }

    /// <summary>A change of state that has been written, or has ended the account's run, when the task completes.</summary>
    public async Task CommitAsync(Func<StoreBatch, CancellationToken, ValueTask> change, CancellationToken ct)
    {
        await context.ChangeAsync(change, ct);
        await context.Commits.DrainAsync();
    }

    private async Task ApplySnapshotAsync(string collection, SyncdSnapshot snapshot, Keyring ring, CancellationToken ct)
    {
        var version = snapshot.Version?.Version ?? throw new ProtocolException("a snapshot without a version");
        var records = snapshot.Records.Select(r => SyncRecord.Open(true, r, ring.Find)).ToList();
        var state = CollectionState.Empty.After(version, records, _ => null);
        state.Verify(snapshot.Mac, KeysOf(snapshot.KeyId, ring), collection);
        await ReplaceAsync(collection, state, records, ct);
    }

    private async Task ApplyPatchAsync(string collection, SyncdPatch patch, Keyring ring, CancellationToken ct)
    {
        var version = patch.Version?.Version ?? throw new ProtocolException("a patch without a version");
        var stored = await store.FindAsync(collection, ct) is { IsBroken: false } whole ? whole : null;
        if (stored is not null && version <= stored.Version) return;
        var before = stored?.ToState() ?? CollectionState.Empty;
        if (version != before.Version + 1) throw new AppStateMismatchException("order of versions");
        var mutations = patch.ExternalMutations is { } external ? (await blobs.ReadAsync(SyncdMutations.Parser, external, ct)).Mutations : patch.Mutations;
        var records = mutations.Select(m => SyncRecord.Open(m, ring.Find)).ToList();
        var after = before.After(version, records, stored is null ? _ => null : await store.MacsOfAsync(collection, records, ct));
        after.Verify(patch, records, KeysOf(patch.KeyId, ring), collection);
        // Records of a former state, which the server has no snapshot of, are of no use to the patches from the first on.
        var stale = stored is null ? await store.ListAsync(collection, ct) : [];
        await CommitAsync(async (batch, stop) =>
        {
            foreach (var record in stale) CollectionStore.Put(collection, record with { IsSet = false }, batch);
            foreach (var (record, counts) in WhatCounts(records)) await TakeAsync(collection, record, counts, batch, stop);
            await Put(collection, after, batch);
        }, ct);
        context.Logger.AppStateSynced(collection, version);
    }

    /// <summary>Of several records about one thing the last set counts, or the last remove when nothing is set: a new key writes one and removes the other.</summary>
    private static IEnumerable<(SyncRecord Record, bool Counts)> WhatCounts(IReadOnlyList<SyncRecord> records)
    {
        var last = new Dictionary<ByteString, SyncRecord>();
        foreach (var record in records)
        {
            if (record.IsSet || !last.TryGetValue(record.Data.Index, out var other) || !other.IsSet) last[record.Data.Index] = record;
        }

        return records.Select(r => (r, ReferenceEquals(last[r.Data.Index], r)));
    }

    private ValueTask TakeAsync(string collection, SyncRecord record, bool counts, StoreBatch batch, CancellationToken ct)
    {
        CollectionStore.Put(collection, record, batch);
        return counts ? _effects.ApplyAsync(collection, record, batch, ct) : ValueTask.CompletedTask;
    }

    private static ValueTask Put(string collection, CollectionState state, StoreBatch batch)
    {
        CollectionStore.Put(collection, StoredCollection.Of(state), batch);
        return ValueTask.CompletedTask;
    }

    private static AppStateKeys KeysOf(KeyId? id, Keyring ring)
    {
        var bytes = id?.Id.Memory ?? default;
        return ring.Find(bytes) ?? throw new MissingAppStateKeyException(bytes.ToArray());
    }
}
