using Footbridge.Protocol;
using Footbridge.Protocol.AppState;
using Footbridge.Protocol.Generated;

namespace Footbridge.Simulator.WhatsApp.State;

/// <summary>One account's app state as the server keeps it: sealed patches by version, which it cannot read, and snapshots that the phone made.</summary>
/// <remarks>The real server checks nothing. This one also opens what it is given when it knows the key, so that a client's mistake shows where it is made.</remarks>
internal sealed class SimAppState
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Collection> _collections = SyncCollections.All.ToDictionary(name => name, _ => new Collection());
    private readonly Dictionary<string, AppStateKeys> _keys = new(StringComparer.Ordinal);
    private readonly List<string> _rejected = [];

    /// <summary>Patches given in one answer; clients have to ask again for more.</summary>
    public int PatchesPerAnswer { get; set; } = 100;

    /// <summary>Why patches were refused, for tests to look at.</summary>
    public IReadOnlyList<string> Rejected
    {
        get
        {
            lock (_gate) return [.. _rejected];
        }
    }

    /// <summary>Tells the server a key, which only a simulation can do.</summary>
    public void Learn(AppStateKeys keys)
    {
        lock (_gate) _keys[Convert.ToHexString(keys.Id)] = keys;
    }

    public ulong VersionOf(string collection)
    {
        lock (_gate) return _collections[collection].Version;
    }

    public bool Knows(string? collection) => collection is not null && _collections.ContainsKey(collection);

    /// <summary>Patches after a version, the snapshot in place of the first ones when it is asked for, and whether there is more.</summary>
    public (ExternalBlobReference? Snapshot, IReadOnlyList<SyncdPatch> Patches, bool HasMore) Since(string collection, ulong? version)
    {
        lock (_gate)
        {
            var kept = _collections[collection];
            var snapshot = version is null ? kept.Snapshot : null;
            var from = snapshot is null ? version ?? 0 : kept.SnapshotVersion;
            var patches = kept.Patches.Where(p => p.Version.Version > from).ToList();
            return (snapshot, patches.Count <= PatchesPerAnswer ? patches : patches.GetRange(0, PatchesPerAnswer), patches.Count > PatchesPerAnswer);
        }
    }

    /// <summary>Takes a patch built on a version; false when another device was faster.</summary>
    /// <exception cref="ProtocolException">The patch is not what it should be.</exception>
    public bool Push(string collection, ulong version, SyncdPatch patch)
    {
        lock (_gate)
        {
            var kept = _collections[collection];
            if (kept.Version != version) return false;
            try
            {
                kept.Take(patch, id => _keys.GetValueOrDefault(Convert.ToHexString(id.Span)), collection);
            }
            catch (ProtocolException e)
            {
                _rejected.Add(e.Message);
                throw;
            }

            return true;
        }
    }

    /// <summary>What is set in a collection, opened.</summary>
    public IReadOnlyList<SyncRecord> Records(string collection)
    {
        lock (_gate) return [.. _collections[collection].Records.Values];
    }

    public CollectionState StateOf(string collection)
    {
        lock (_gate) return _collections[collection].State;
    }

    public byte[]? MacOf(string collection, byte[] indexMac)
    {
        lock (_gate) return _collections[collection].Records.GetValueOrDefault(Convert.ToHexString(indexMac))?.ValueMac;
    }

    /// <summary>What is set in a collection, as it came.</summary>
    public IReadOnlyList<SyncdRecord> Sealed(string collection)
    {
        lock (_gate) return [.. _collections[collection].Sealed.Values];
    }

    /// <summary>Keeps where the snapshot of a version lies; older patches are no longer given out.</summary>
    public void Keep(string collection, ulong version, ExternalBlobReference snapshot)
    {
        lock (_gate)
        {
            var kept = _collections[collection];
            (kept.Snapshot, kept.SnapshotVersion) = (snapshot, version);
            kept.Patches.RemoveAll(p => p.Version.Version <= version);
        }
    }

    private sealed class Collection
    {
        public List<SyncdPatch> Patches { get; } = [];

        public Dictionary<string, SyncRecord> Records { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, SyncdRecord> Sealed { get; } = new(StringComparer.Ordinal);

        public CollectionState State { get; private set; } = CollectionState.Empty;

        public ulong Version => State.Version;

        public ExternalBlobReference? Snapshot { get; set; }

        public ulong SnapshotVersion { get; set; }

        public void Take(SyncdPatch patch, Func<ReadOnlyMemory<byte>, AppStateKeys?> findKeys, string name)
        {
            if (patch.Version is not null) throw new ProtocolException("a new patch names a version");
            var records = patch.Mutations.Select(m => SyncRecord.Open(m, findKeys)).ToList();
            var next = State.After(Version + 1, records, mac => Records.GetValueOrDefault(Convert.ToHexString(mac))?.ValueMac);
            next.Verify(patch, records, findKeys(patch.KeyId.Id.Memory) ?? throw new MissingAppStateKeyException(patch.KeyId.Id.ToByteArray()), name);
            foreach (var (record, mutation) in records.Zip(patch.Mutations))
            {
                var key = Convert.ToHexString(record.IndexMac);
                if (record.IsSet) (Records[key], Sealed[key]) = (record, mutation.Record);
                else _ = (Records.Remove(key), Sealed.Remove(key));
            }

            State = next;
            var kept = patch.Clone();
            kept.Version = new() { Version = next.Version };
            Patches.Add(kept);
        }
    }
}
