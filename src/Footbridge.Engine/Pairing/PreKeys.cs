using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Signal;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Pairing;

/// <summary>One-time prekeys: made, uploaded, handed to strangers by the server, deleted when used. Source: docs/protocol/pairing-login.md.</summary>
internal sealed class PreKeys(ILink link, AccountLoop loop, IDeviceStore store, WaClientOptions options)
{
    public const int FirstUpload = 812;
    public const int Refill = 50;
    public const int LowWater = 5;
    private const uint MaxId = 0xFFFFFE;
    private readonly SemaphoreSlim _uploading = new(1);
    private uint _nextId;

    /// <summary>A stored one-time prekey, or null when it is gone.</summary>
    public async ValueTask<KeyPair?> FindAsync(uint id, CancellationToken ct) =>
        await store.GetAsync(StateKind.PreKey, KeyOf(id), ct) is { } stored ? PairOf(stored) : null;

    public static void Remove(uint id, StoreBatch batch) => batch.Delete(StateKind.PreKey, KeyOf(id));

    /// <summary>A new prekey outside the uploaded pool, for a retry receipt. Inside the loop.</summary>
    public async ValueTask<(uint Id, KeyPair Key)> TakeFreshAsync(StoreBatch batch, CancellationToken ct)
    {
        var fresh = await MakeAsync(1, batch, ct);
        return fresh[0];
    }

    /// <summary>Uploads prekeys when the server has few left, or none of ours. Outside the loop.</summary>
    public async Task TopUpAsync(CancellationToken ct)
    {
        await _uploading.WaitAsync(ct);
        try
        {
            var answer = await link.QueryAsync(PreKeyStanzas.Count(), options.QueryTimeout, ct);
            var left = answer.Child("count")?.LongOf("value") ?? 0;
            if (left >= LowWater) return;
            await UploadAsync(left == 0 ? FirstUpload : Refill, ct);
        }
        finally
        {
            _uploading.Release();
        }
    }

    /// <summary>Compares the server's idea of our keys with ours, and uploads again when they differ. Outside the loop.</summary>
    public async Task CheckDigestAsync(CancellationToken ct)
    {
        try
        {
            var answer = await link.QueryAsync(PreKeyStanzas.Digest(), options.QueryTimeout, ct);
            if (answer.Child("digest") is { } digest && await IsOursAsync(digest, ct)) return;
        }
        catch (QueryFailedException e) when (e.Code == 404)
        {
            // The server has none of our keys: upload them.
        }

        await UploadAsync(FirstUpload, ct);
    }

    private async Task UploadAsync(int count, CancellationToken ct)
    {
        var batch = new StoreBatch();
        var keys = await loop.RunAsync(async stop =>
        {
            var made = await MakeAsync(count, batch, stop);
            await store.CommitAsync(batch, stop);
            return made;
        }, ct);
        await link.QueryAsync(PreKeyStanzas.Upload(link.Credentials, keys), options.QueryTimeout, ct);
    }

    private async ValueTask<List<(uint Id, KeyPair Key)>> MakeAsync(int count, StoreBatch batch, CancellationToken ct)
    {
        if (_nextId == 0) _nextId = await LastIdAsync(ct) + 1;
        var made = new List<(uint, KeyPair)>(count);
        for (var i = 0; i < count; i++)
        {
            var (id, key) = (_nextId, Curve25519.GenerateKeyPair());
            _nextId = id >= MaxId ? 1 : id + 1;
            batch.Put(StateKind.PreKey, KeyOf(id), [.. key.Private, .. key.Public]);
            made.Add((id, key));
        }

        batch.Put(StateKind.PreKey, NextIdKey, BitConverter.GetBytes(_nextId));
        return made;
    }

    private const string NextIdKey = "next";

    private async ValueTask<uint> LastIdAsync(CancellationToken ct) =>
        await store.GetAsync(StateKind.PreKey, NextIdKey, ct) is { Length: 4 } stored ? BitConverter.ToUInt32(stored) - 1 : 0;

    private async Task<bool> IsOursAsync(Node digest, CancellationToken ct)
    {
        var credentials = link.Credentials;
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        sha.AppendData(credentials.Identity.Identity.Public);
        sha.AppendData(credentials.SignedPreKey.Key.Public);
        sha.AppendData(credentials.SignedPreKey.Signature);
        foreach (var entry in digest.Child("list")?.Children ?? [])
        {
            if (IdOf(entry) is not { } id || await FindAsync(id, ct) is not { } key) return false;
            sha.AppendData(key.Public);
        }

        return digest.Child("hash")?.ContentBytes is { } hash && CryptographicOperations.FixedTimeEquals(sha.GetHashAndReset(), hash);
    }

    private static uint? IdOf(Node id) => id.ContentBytes is { Length: 3 } bytes ? (uint)(bytes[0] << 16 | bytes[1] << 8 | bytes[2]) : null;

    private static KeyPair PairOf(byte[] stored) => new(stored[..32], stored[32..64]);

    private static string KeyOf(uint id) => id.ToString("x8", CultureInfo.InvariantCulture);
}

/// <summary>The iqs of namespace <c>encrypt</c> about our own keys.</summary>
internal static class PreKeyStanzas
{
    public static Node Count() => Get(Node.Of("count"));

    public static Node Digest() => Get(Node.Of("digest"));

    public static Node Upload(Credentials credentials, IReadOnlyList<(uint Id, KeyPair Key)> keys) =>
        Iq.Set("encrypt",
            Node.OfBytes("registration", RegistrationBytes(credentials.Identity.RegistrationId)),
            Node.OfBytes("type", [SignalKeys.Type]),
            Node.OfBytes("identity", credentials.Identity.Identity.Public),
            Node.Of("list", [.. keys.Select(key => Key("key", key.Id, key.Key.Public))]),
            Signed(credentials.SignedPreKey));

    public static Node Key(string tag, uint id, byte[] publicKey) => Node.Of(tag, Node.OfBytes("id", IdBytes(id)), Node.OfBytes("value", publicKey));

    public static Node Signed(SignedPreKey key) => Node.Of("skey",
        Node.OfBytes("id", IdBytes(key.Id)), Node.OfBytes("value", key.Key.Public), Node.OfBytes("signature", key.Signature));

    public static byte[] RegistrationBytes(uint id)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, id);
        return bytes;
    }

    private static byte[] IdBytes(uint id) => [(byte)(id >> 16), (byte)(id >> 8), (byte)id];

    private static Node Get(Node child) => Iq.Get("encrypt", child);
}
