using System.Buffers.Binary;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Noise;

namespace Footbridge.Engine.Connection;

/// <summary>The server's key as the last handshake verified it, so that the next one can be short. One account's; one connection at a time.</summary>
/// <remarks>Source: docs/protocol/noise.md.</remarks>
internal sealed class KnownServer(IDeviceStore store, TimeProvider time)
{
    private const int KeyBytes = 32;
    private const int StoredBytes = KeyBytes + 8 + 8;
    private byte[]? _stored;
    private bool _isLoaded;

    /// <summary>The key, or null when none is known or its certificates are not valid now.</summary>
    public async ValueTask<byte[]?> FindAsync(CancellationToken ct)
    {
        if (!_isLoaded) (_stored, _isLoaded) = (await store.GetAsync(StateKind.KnownServer, "", ct), true);
        if (_stored is not { Length: StoredBytes } stored) return null;
        var validity = new NoiseValidity(BinaryPrimitives.ReadUInt64BigEndian(stored.AsSpan(KeyBytes)), BinaryPrimitives.ReadUInt64BigEndian(stored.AsSpan(KeyBytes + 8)));
        return validity.Contains(time.GetUtcNow()) ? stored[..KeyBytes] : null;
    }

    public async Task RememberAsync(byte[] key, NoiseValidity validity, CancellationToken ct)
    {
        var stored = new byte[StoredBytes];
        key.CopyTo(stored, 0);
        BinaryPrimitives.WriteUInt64BigEndian(stored.AsSpan(KeyBytes), validity.NotBefore);
        BinaryPrimitives.WriteUInt64BigEndian(stored.AsSpan(KeyBytes + 8), validity.NotAfter);
        if (_stored is not null && stored.AsSpan().SequenceEqual(_stored)) return;
        var batch = new StoreBatch();
        batch.Put(StateKind.KnownServer, "", stored);
        await store.CommitAsync(batch, ct);
        (_stored, _isLoaded) = (stored, true);
    }

    /// <summary>A handshake that used it broke cryptographically: the next one is a full one.</summary>
    public async Task ForgetAsync()
    {
        (_stored, _isLoaded) = (null, true);
        var batch = new StoreBatch();
        batch.Delete(StateKind.KnownServer, "");
        await store.CommitAsync(batch, CancellationToken.None);
    }
}
