using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Footbridge.Protocol.AppState;

/// <summary>A hash of a set of values that values can be added to and taken from in any order.</summary>
/// <remarks>64 little-endian 16-bit numbers that wrap around. Source: docs/protocol/app-state.md.</remarks>
public sealed class LtHash
{
    public const int SizeBytes = 128;
    private readonly byte[] _state = new byte[SizeBytes];

    /// <summary>The hash of nothing.</summary>
    public LtHash()
    {
    }

    /// <exception cref="ProtocolException">Not 128 bytes.</exception>
    public LtHash(ReadOnlySpan<byte> state)
    {
        if (state.Length != SizeBytes) throw new ProtocolException($"an app state hash of {state.Length} bytes");
        state.CopyTo(_state);
    }

    public ReadOnlySpan<byte> Bytes => _state;

    public LtHash Copy() => new(_state);

    public void Add(ReadOnlySpan<byte> valueMac) => Combine(valueMac, subtract: false);

    public void Subtract(ReadOnlySpan<byte> valueMac) => Combine(valueMac, subtract: true);

    private void Combine(ReadOnlySpan<byte> valueMac, bool subtract)
    {
        Span<byte> expanded = stackalloc byte[SizeBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, valueMac, expanded, [], "WhatsApp Patch Integrity"u8);
        for (var i = 0; i < SizeBytes; i += sizeof(ushort))
        {
            var (have, other) = (BinaryPrimitives.ReadUInt16LittleEndian(_state.AsSpan(i)), BinaryPrimitives.ReadUInt16LittleEndian(expanded[i..]));
            BinaryPrimitives.WriteUInt16LittleEndian(_state.AsSpan(i), (ushort)(subtract ? have - other : have + other));
        }
    }
}
