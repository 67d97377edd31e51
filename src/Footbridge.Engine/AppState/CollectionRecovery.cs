using System.IO.Compression;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Protocol;
using Footbridge.Protocol.AppState;
using Footbridge.Protocol.Generated;
using PdoType = Footbridge.Protocol.Generated.Message.Types.PeerDataOperationRequestType;
using ProtocolMessage = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage;

namespace Footbridge.Engine.AppState;

/// <summary>The last resort for a collection whose MACs do not fit even from the start: the phone's own copy of it.</summary>
/// <remarks>Source: docs/protocol/app-state.md.</remarks>
internal sealed class CollectionRecovery(AccountContext context, CollectionStore store, CollectionApplier applier, PeerMessages peers) : IPeerHandler
{
    private const int MaxBytes = 128 * 1024 * 1024;

    /// <summary>What to do with a copy that has come, inside the loop.</summary>
    public Action<SyncdSnapshotRecovery> Arrived { get; set; } = _ => { };

    /// <summary>Marks a collection as broken and asks the phone for its copy; the answer may take its time or never come.</summary>
    /// <exception cref="NotOnlineException">There is no connection.</exception>
    /// <exception cref="SendFailedException">The phone cannot be reached.</exception>
    public async Task AskAsync(string collection, CancellationToken ct)
    {
        var broken = new StoredCollection(0, CollectionState.Empty.Hash.Bytes.ToArray(), IsBroken: true);
        await applier.CommitAsync((batch, _) =>
        {
            CollectionStore.Put(collection, broken, batch);
            return ValueTask.CompletedTask;
        }, ct);
        await peers.SendAsync(
            new()
            {
                Type = ProtocolMessage.Types.Type.PeerDataOperationRequestMessage,
                PeerDataOperationRequestMessage = new()
                {
                    PeerDataOperationRequestType = PdoType.CompanionSyncdSnapshotFatalRecovery,
                    SyncdCollectionFatalRecoveryRequest = new() { CollectionName = collection, Timestamp = context.Time.GetUtcNow().ToUnixTimeSeconds() },
                },
            },
            new("high"), ct);
    }

    public ValueTask<bool> HandleAsync(ProtocolMessage message, MessageSource source, StoreBatch batch, CancellationToken ct)
    {
        var copies = message.PeerDataOperationRequestResponseMessage?.PeerDataOperationResult.Select(r => r.SyncdSnapshotFatalRecoveryResponse).Where(r => r is { HasCollectionSnapshot: true }).ToList() ?? [];
        if (source.Device.Device == 0) copies.ForEach(copy => Arrived(Read(copy)));
        return new(copies.Count > 0);
    }

    /// <summary>Installs the phone's copy when the collection is still broken, or the copy is newer than what is here.</summary>
    /// <exception cref="ProtocolException">It is malformed.</exception>
    public async Task InstallAsync(SyncdSnapshotRecovery copy, CancellationToken ct)
    {
        if (!SyncCollections.All.Contains(copy.CollectionName)) throw new ProtocolException("a copy of an unknown collection");
        var version = copy.Version?.Version ?? throw new ProtocolException("a copy without a version");
        if (await store.FindAsync(copy.CollectionName, ct) is { IsBroken: false } stored && version <= stored.Version) return;
        var ring = await Keyring.LoadAsync(context.Store, ct);
        var records = copy.MutationRecords.Select(r => RecordOf(r, ring)).ToList();
        await applier.ReplaceAsync(copy.CollectionName, new(version, new(copy.CollectionLthash.Span)), records, ct);
    }

    /// <summary>The copy is plain: it came from the phone through the phone's own Signal session.</summary>
    private static SyncRecord RecordOf(SyncdPlainTextRecord plain, Keyring ring)
    {
        var data = plain.Value ?? throw new ProtocolException("a copied record without a value");
        if (plain.Mac.Length != AppStateKeys.MacBytes) throw new ProtocolException($"a copied record with a MAC of {plain.Mac.Length} bytes");
        var keys = ring.Find(plain.KeyId.Memory) ?? throw new MissingAppStateKeyException(plain.KeyId.ToByteArray());
        return new(true, keys.IndexMac(data.Index.Span), plain.Mac.ToByteArray(), data);
    }

    private static SyncdSnapshotRecovery Read(Protocol.Generated.Message.Types.PeerDataOperationRequestResponseMessage.Types.PeerDataOperationResult.Types.SyncDSnapshotFatalRecoveryResponse response)
    {
        var bytes = response.CollectionSnapshot.ToByteArray();
        return Protobuf.Parse(SyncdSnapshotRecovery.Parser, response.IsCompressed ? Inflate(bytes) : bytes);
    }

    private static byte[] Inflate(byte[] bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        return Inflation.ReadAll(gzip, MaxBytes, "a copy of a collection");
    }
}
