using System.Security.Cryptography;

namespace Footbridge.Protocol.Pairing;

/// <summary>Proves to the phone that the device asking with a passkey is the one whose code it took a moment ago. Source: docs/protocol/pairing.md.</summary>
public static class PasskeyHandoff
{
    /// <summary>How long a phone believes the proof after it took the code.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const int KeyBytes = 32;

    private static ReadOnlySpan<byte> Info => "shortcake-passkey-handoff-v1"u8;

    /// <param name="advSecret">The secret of the QR code, or of the linking code, that the phone took.</param>
    public static byte[] Key(ReadOnlySpan<byte> advSecret)
    {
        var key = new byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, advSecret, key, [], Info);
        return key;
    }

    /// <summary>32 bytes that go beside the prologue.</summary>
    public static byte[] Prove(ReadOnlySpan<byte> key, ReadOnlySpan<byte> prologue) => HMACSHA256.HashData(key, prologue);

    public static bool IsProof(ReadOnlySpan<byte> key, ReadOnlySpan<byte> prologue, ReadOnlySpan<byte> proof) =>
        CryptographicOperations.FixedTimeEquals(Prove(key, prologue), proof);
}
