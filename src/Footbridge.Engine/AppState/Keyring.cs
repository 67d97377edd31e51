using System.Buffers.Binary;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.AppState;
using Footbridge.Protocol.Generated;
using Google.Protobuf;

namespace Footbridge.Engine.AppState;

/// <summary>The keys of the app state that the phone has shared, as they were stored at one moment.</summary>
internal sealed class Keyring
{
    private const int MaxKeys = 10_000;
    private const int EpochBytes = sizeof(uint);
    private readonly Dictionary<string, AppStateKeys> _keys = new(StringComparer.Ordinal);

    /// <summary>The key to write with: the newest, by time and then by number. Null when there is none.</summary>
    public AppStateKeys? Newest { get; private set; }

    public bool IsEmpty => _keys.Count == 0;

    public static async ValueTask<Keyring> LoadAsync(IDeviceStore store, CancellationToken ct)
    {
        var ring = new Keyring();
        (long Time, uint Epoch)? newest = null;
        foreach (var (id, stored) in await store.ListAsync(StateKind.AppStateKey, "", MaxKeys, ct))
        {
            var data = Protobuf.Parse(Message.Types.AppStateSyncKeyData.Parser, stored);
            var idBytes = Convert.FromHexString(id);
            var keys = ring._keys[id] = new(idBytes, data.KeyData.Span);
            var age = (data.Timestamp, idBytes.Length < EpochBytes ? 0 : BinaryPrimitives.ReadUInt32BigEndian(idBytes.AsSpan(idBytes.Length - EpochBytes)));
            if (newest is { } known && age.CompareTo(known) < 0) continue;
            (newest, ring.Newest) = (age, keys);
        }

        return ring;
    }

    public AppStateKeys? Find(ReadOnlyMemory<byte> id) => _keys.GetValueOrDefault(Convert.ToHexString(id.Span));

    /// <summary>Stores a shared key.</summary>
    /// <exception cref="ProtocolException">Its id or its size is impossible.</exception>
    public static void Put(Message.Types.AppStateSyncKey key, StoreBatch batch)
    {
        var id = key.KeyId?.KeyId ?? ByteString.Empty;
        var data = key.KeyData ?? throw new ProtocolException("an app state key without data");
        _ = new AppStateKeys(id.Span, data.KeyData.Span);
        batch.Put(StateKind.AppStateKey, Convert.ToHexString(id.Span), data.ToByteArray());
        batch.Delete(StateKind.AppStateKeyRequest, Convert.ToHexString(id.Span));
    }
}
