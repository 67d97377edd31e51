using System.Text.Json;
using System.Text.Json.Serialization;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.AppState;
using Footbridge.Protocol.Generated;
using Google.Protobuf;

namespace Footbridge.Engine.AppState;

/// <summary>How far a collection has been followed, as stored.</summary>
/// <param name="IsBroken">Its MACs did not fit twice; the phone has been asked for a copy.</param>
internal sealed record StoredCollection(ulong Version, byte[] Hash, bool IsBroken = false)
{
    public static StoredCollection Of(CollectionState state) => new(state.Version, state.Hash.Bytes.ToArray());

    /// <exception cref="ProtocolException">The stored hash has another size.</exception>
    public CollectionState ToState() => new(Version, new(Hash));
}

/// <summary>A collection's stored state and records. Reads see what was committed; changes go into batches.</summary>
internal sealed class CollectionStore(IDeviceStore store)
{
    /// <summary>Null before the first sync and after a mismatch.</summary>
    public ValueTask<StoredCollection?> FindAsync(string collection, CancellationToken ct) =>
        StoredJson.LoadAsync(store, StateKind.AppStateCollection, collection, AppStateJson.Default.StoredCollection, "a stored collection of the app state", ct);

    public static void Put(string collection, StoredCollection state, StoreBatch batch) =>
        batch.Put(StateKind.AppStateCollection, collection, JsonSerializer.SerializeToUtf8Bytes(state, AppStateJson.Default.StoredCollection));

    public static void Delete(string collection, StoreBatch batch) => batch.Delete(StateKind.AppStateCollection, collection);

    /// <summary>Value MACs that are set for the index MACs of some records; a lookup for <see cref="CollectionState.After"/>.</summary>
    public async ValueTask<Func<byte[], byte[]?>> MacsOfAsync(string collection, IEnumerable<SyncRecord> records, CancellationToken ct)
    {
        var macs = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var record in records)
        {
            var key = KeyOf(collection, record.IndexMac);
            if (!macs.ContainsKey(key) && await store.GetAsync(StateKind.AppStateRecord, key, ct) is { } stored) macs[key] = stored[..AppStateKeys.MacBytes];
        }

        return indexMac => macs.GetValueOrDefault(KeyOf(collection, indexMac));
    }

    /// <summary>Everything set in a collection.</summary>
    public async ValueTask<IReadOnlyList<SyncRecord>> ListAsync(string collection, CancellationToken ct)
    {
        var rows = await store.ListAsync(StateKind.AppStateRecord, collection + "/", int.MaxValue, ct);
        return [.. rows.Select(row => new SyncRecord(
            true, Convert.FromHexString(row.Key.AsSpan(collection.Length + 1)), row.Value[..AppStateKeys.MacBytes],
            Protobuf.Parse(SyncActionData.Parser, row.Value.AsSpan(AppStateKeys.MacBytes))))];
    }

    public static void Put(string collection, SyncRecord record, StoreBatch batch)
    {
        var key = KeyOf(collection, record.IndexMac);
        if (record.IsSet) batch.Put(StateKind.AppStateRecord, key, [.. record.ValueMac, .. record.Data.ToByteArray()]);
        else batch.Delete(StateKind.AppStateRecord, key);
    }

    private static string KeyOf(string collection, byte[] indexMac) => $"{collection}/{Convert.ToHexString(indexMac)}";
}

[JsonSerializable(typeof(StoredCollection))]
internal sealed partial class AppStateJson : JsonSerializerContext;
