using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;

namespace Footbridge.Protocol.Pairing;

/// <summary>What device and phone both know once their ephemeral keys have met. Source: docs/protocol/pairing.md.</summary>
/// <param name="Code">Eight characters that the owner compares on both screens.</param>
/// <param name="Key">Seals the device's <see cref="PasskeyRequest"/>.</param>
public sealed record PasskeyAgreement(string Code, byte[] Key)
{
    /// <summary>Bytes of a nonce and of an ephemeral public key.</summary>
    public const int PartBytes = 32;

    private static ReadOnlySpan<byte> Info => "Pairing Information Encryption Key"u8;

    public override string ToString() => "PasskeyAgreement [redacted]";

    /// <summary>The same for the device with the phone's public key and the other way round.</summary>
    /// <exception cref="ProtocolException">The public key is of low order, so that everybody would know the secret.</exception>
    internal static PasskeyAgreement Of(CompanionEphemeralIdentity device, ReadOnlySpan<byte> deviceNonce, PrimaryEphemeralIdentity phone, ReadOnlySpan<byte> ownPrivate, ReadOnlySpan<byte> otherPublic)
    {
        byte[] revealed = [.. deviceNonce, .. phone.PublicKey.Span];
        var digest = SHA256.HashData(revealed);
        var code = new byte[PairingAlphabet.CodeBytes];
        for (var i = 0; i < code.Length; i++) code[i] = (byte)(phone.Nonce[i] ^ digest[i]);
        var salt = string.Create(CultureInfo.InvariantCulture, $"Companion Pairing {(int)device.DeviceType} with ref {device.Ref}");
        var key = new byte[PartBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Curve25519.Agree(ownPrivate, otherPublic), key, Encoding.UTF8.GetBytes(salt), Info);
        return new(PairingAlphabet.Encode(code), key);
    }

    internal static byte[] Commitment(ReadOnlySpan<byte> identity, ReadOnlySpan<byte> nonce)
    {
        byte[] committed = [.. identity, .. nonce];
        return SHA256.HashData(committed);
    }
}
