using System.Security.Cryptography;
using Footbridge.Protocol.Generated;
using Google.Protobuf;

namespace Footbridge.Protocol.AppState;

/// <summary>How far a collection has been followed: its version, and the hash of all values that are set at it.</summary>
public sealed record CollectionState(ulong Version, LtHash Hash)
{
    /// <summary>Before the first patch.</summary>
    public static CollectionState Empty => new(0, new());

    /// <summary>The state after some records, which need not be genuine yet: <see cref="Verify(SyncdPatch, IReadOnlyList{SyncRecord}, AppStateKeys, string)"/> tells.</summary>
    /// <param name="earlier">The value MAC that is set for an index MAC before these records, or null.</param>
    /// <remarks>Removing what was never set changes nothing: phones do that.</remarks>
    public CollectionState After(ulong version, IEnumerable<SyncRecord> records, Func<byte[], byte[]?> earlier)
    {
        var hash = Hash.Copy();
        var changed = new Dictionary<string, byte[]?>(StringComparer.Ordinal);
        foreach (var record in records)
        {
            var key = Convert.ToHexString(record.IndexMac);
            if ((changed.TryGetValue(key, out var set) ? set : earlier(record.IndexMac)) is { } replaced) hash.Subtract(replaced);
            if (record.IsSet) hash.Add(record.ValueMac);
            changed[key] = record.IsSet ? record.ValueMac : null;
        }

        return new(version, hash);
    }

    /// <summary>Checks that this is the state a patch leads to.</summary>
    /// <exception cref="AppStateMismatchException">It is not.</exception>
    public void Verify(SyncdPatch patch, IReadOnlyList<SyncRecord> records, AppStateKeys keys, string collection)
    {
        Verify(patch.SnapshotMac, keys, collection);
        var expected = keys.PatchMac(patch.SnapshotMac.Span, records.Select(r => r.ValueMac), Version, collection);
        if (!CryptographicOperations.FixedTimeEquals(expected, patch.PatchMac.Span)) throw new AppStateMismatchException("patch");
    }

    /// <summary>Checks that this is the state of a snapshot.</summary>
    /// <exception cref="AppStateMismatchException">It is not.</exception>
    public void Verify(ByteString snapshotMac, AppStateKeys keys, string collection)
    {
        if (!CryptographicOperations.FixedTimeEquals(keys.SnapshotMac(Hash, Version, collection), snapshotMac.Span)) throw new AppStateMismatchException("snapshot");
    }

    /// <summary>The patch that leads from here to the next version.</summary>
    /// <param name="earlier">As in <see cref="After"/>.</param>
    public (SyncdPatch Patch, CollectionState Next) Patch(
        IReadOnlyList<(SyncdMutation Sealed, SyncRecord Record)> mutations, AppStateKeys keys, string collection, Func<byte[], byte[]?> earlier)
    {
        var next = After(Version + 1, mutations.Select(m => m.Record), earlier);
        var snapshotMac = keys.SnapshotMac(next.Hash, next.Version, collection);
        var patchMac = keys.PatchMac(snapshotMac, mutations.Select(m => m.Record.ValueMac), next.Version, collection);
        var patch = new SyncdPatch { SnapshotMac = ByteString.CopyFrom(snapshotMac), PatchMac = ByteString.CopyFrom(patchMac), KeyId = new() { Id = ByteString.CopyFrom(keys.Id) } };
        patch.Mutations.AddRange(mutations.Select(m => m.Sealed));
        return (patch, next);
    }
}
