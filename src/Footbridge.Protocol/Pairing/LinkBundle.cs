using System.Security.Cryptography;
using Footbridge.Protocol.Signal;

namespace Footbridge.Protocol.Pairing;

/// <summary>What a device sends to the phone whose owner typed its code: both identities and a random part of the secret they will share.</summary>
/// <remarks>Source: docs/protocol/pairing.md. All members are 32 bytes.</remarks>
public sealed record LinkBundle(byte[] DeviceIdentity, byte[] PhoneIdentity, byte[] Random)
{
    private const int PartBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int SealedBytes = PartBytes + NonceBytes + (3 * PartBytes) + TagBytes;

    private static ReadOnlySpan<byte> KeyInfo => "link_code_pairing_key_bundle_encryption_key"u8;

    private static ReadOnlySpan<byte> SecretInfo => "adv_secret"u8;

    public static LinkBundle Create(byte[] deviceIdentity, byte[] phoneIdentity) => new(deviceIdentity, phoneIdentity, RandomNumberGenerator.GetBytes(PartBytes));

    /// <summary>Salt, nonce, and the sealed parts. <paramref name="shared"/> is what both ephemeral keys agree on.</summary>
    public byte[] Seal(ReadOnlySpan<byte> shared)
    {
        var salt = RandomNumberGenerator.GetBytes(PartBytes);
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        byte[] plaintext = [.. DeviceIdentity, .. PhoneIdentity, .. Random];
        var output = new byte[plaintext.Length + TagBytes];
        using var aes = new AesGcm(Key(shared, salt), TagBytes);
        aes.Encrypt(nonce, plaintext, output.AsSpan(0, plaintext.Length), output.AsSpan(plaintext.Length));
        return [.. salt, .. nonce, .. output];
    }

    /// <exception cref="ProtocolException">It was sealed for another agreement: the code that was typed is not the one that was shown.</exception>
    public static LinkBundle Open(ReadOnlySpan<byte> sealedBundle, ReadOnlySpan<byte> shared)
    {
        if (sealedBundle.Length != SealedBytes) throw new ProtocolException($"a linking bundle of {sealedBundle.Length} bytes instead of {SealedBytes}");
        using var aes = new AesGcm(Key(shared, sealedBundle[..PartBytes]), TagBytes);
        var body = sealedBundle[(PartBytes + NonceBytes)..];
        var plaintext = new byte[3 * PartBytes];
        try
        {
            aes.Decrypt(sealedBundle.Slice(PartBytes, NonceBytes), body[..^TagBytes], body[^TagBytes..], plaintext);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new ProtocolException("the linking bundle is sealed for another code", e);
        }

        return new(plaintext[..PartBytes], plaintext[PartBytes..(2 * PartBytes)], plaintext[(2 * PartBytes)..]);
    }

    /// <summary>The secret that takes the place of the QR code's; the same for the device with the phone's public key and the other way round.</summary>
    public byte[] AdvSecret(ReadOnlySpan<byte> shared, ReadOnlySpan<byte> ownIdentityPrivate, ReadOnlySpan<byte> otherIdentity)
    {
        byte[] material = [.. shared, .. Curve25519.Agree(ownIdentityPrivate, otherIdentity), .. Random];
        var secret = new byte[PartBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, material, secret, [], SecretInfo);
        CryptographicOperations.ZeroMemory(material);
        return secret;
    }

    public override string ToString() => "LinkBundle [redacted]";

    private static byte[] Key(ReadOnlySpan<byte> shared, ReadOnlySpan<byte> salt)
    {
        var key = new byte[PartBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, key, salt, KeyInfo);
        return key;
    }
}
