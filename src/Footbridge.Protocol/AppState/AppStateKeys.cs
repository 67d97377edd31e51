using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Footbridge.Protocol.AppState;

/// <summary>One key of the app state, shared among an account's devices, and the five keys made from it.</summary>
/// <remarks>Source: docs/protocol/app-state.md.</remarks>
public sealed class AppStateKeys
{
    /// <summary>Size of every MAC of the app state.</summary>
    public const int MacBytes = 32;
    private const int KeyBytes = 32;
    private const int MaxIdBytes = 64;
    private readonly byte[] _id;
    private readonly byte[] _expanded = new byte[5 * KeyBytes];

    /// <param name="id">As the phone named it: 6 bytes, the last four an ever growing number.</param>
    /// <param name="keyData">The 32 secret bytes of the key share.</param>
    /// <exception cref="ProtocolException">The id or the key has an impossible size.</exception>
    public AppStateKeys(ReadOnlySpan<byte> id, ReadOnlySpan<byte> keyData)
    {
        if (id.Length is 0 or > MaxIdBytes) throw new ProtocolException($"an app state key id of {id.Length} bytes");
        if (keyData.Length != KeyBytes) throw new ProtocolException($"an app state key of {keyData.Length} bytes");
        _id = id.ToArray();
        HKDF.DeriveKey(HashAlgorithmName.SHA256, keyData, _expanded, [], "WhatsApp Mutation Keys"u8);
    }

    public ReadOnlySpan<byte> Id => _id;

    internal ReadOnlySpan<byte> ValueEncryption => Part(1);

    internal ReadOnlySpan<byte> Expanded => _expanded;

    /// <summary>What the server knows an index by.</summary>
    public byte[] IndexMac(ReadOnlySpan<byte> index) => HMACSHA256.HashData(Part(0), index);

    /// <summary>Authenticates a whole collection at a version.</summary>
    public byte[] SnapshotMac(LtHash hash, ulong version, string collection)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Part(3));
        hmac.AppendData(hash.Bytes);
        AppendVersion(hmac, version, collection);
        return hmac.GetHashAndReset();
    }

    /// <summary>Authenticates one patch: what it leads to and the values it carries, in order.</summary>
    public byte[] PatchMac(ReadOnlySpan<byte> snapshotMac, IEnumerable<byte[]> valueMacs, ulong version, string collection)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Part(4));
        hmac.AppendData(snapshotMac);
        foreach (var mac in valueMacs) hmac.AppendData(mac);
        AppendVersion(hmac, version, collection);
        return hmac.GetHashAndReset();
    }

    /// <summary>Authenticates one value: the first half of HMAC-SHA512 over operation, key id, ciphertext, and the length of the first two.</summary>
    internal byte[] ValueMac(bool isSet, ReadOnlySpan<byte> sealedValue)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(length, (ulong)_id.Length + 1);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA512, Part(2));
        hmac.AppendData([isSet ? (byte)1 : (byte)2]);
        hmac.AppendData(_id);
        hmac.AppendData(sealedValue);
        hmac.AppendData(length);
        return hmac.GetHashAndReset()[..MacBytes];
    }

    public override string ToString() => "AppStateKeys [redacted]";

    private ReadOnlySpan<byte> Part(int number) => _expanded.AsSpan(number * KeyBytes, KeyBytes);

    private static void AppendVersion(IncrementalHash hmac, ulong version, string collection)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, version);
        hmac.AppendData(bytes);
        hmac.AppendData(Encoding.UTF8.GetBytes(collection));
    }
}
