using System.Security.Cryptography;
using Footbridge.Protocol.Generated;
using Google.Protobuf;

namespace Footbridge.Protocol.Pairing;

/// <summary>What a device tells the phone when both have agreed: its keys, and the secret that the phone signs it with.</summary>
/// <remarks>Source: docs/protocol/pairing.md. All members are 32 bytes.</remarks>
public sealed record PasskeyRequest(byte[] NoiseKey, byte[] IdentityKey, byte[] AdvSecret)
{
    private const int PartBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>An <c>EncryptedPairingRequest</c>.</summary>
    /// <param name="key"><see cref="PasskeyAgreement.Key"/>.</param>
    public byte[] Seal(ReadOnlySpan<byte> key)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        var plaintext = new PairingRequest
        {
            CompanionPublicKey = ByteString.CopyFrom(NoiseKey),
            CompanionIdentityKey = ByteString.CopyFrom(IdentityKey),
            AdvSecret = ByteString.CopyFrom(AdvSecret),
        }.ToByteArray();
        var output = new byte[plaintext.Length + TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plaintext, output.AsSpan(0, plaintext.Length), output.AsSpan(plaintext.Length));
        CryptographicOperations.ZeroMemory(plaintext);
        return new EncryptedPairingRequest { EncryptedPayload = ByteString.CopyFrom(output), Iv = ByteString.CopyFrom(nonce) }.ToByteArray();
    }

    /// <exception cref="ProtocolException">It is malformed, or sealed for another agreement.</exception>
    public static PasskeyRequest Open(ReadOnlySpan<byte> sealedRequest, ReadOnlySpan<byte> key)
    {
        var envelope = Protobuf.Parse(EncryptedPairingRequest.Parser, sealedRequest);
        if (envelope.Iv.Length != NonceBytes || envelope.EncryptedPayload.Length < TagBytes) throw new ProtocolException("the pairing request is too short");
        var body = envelope.EncryptedPayload.Span;
        var plaintext = new byte[body.Length - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(envelope.Iv.Span, body[..^TagBytes], body[^TagBytes..], plaintext);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new ProtocolException("the pairing request is sealed for another agreement", e);
        }

        var request = Protobuf.Parse(PairingRequest.Parser, plaintext);
        return new(Part(request.CompanionPublicKey), Part(request.CompanionIdentityKey), Part(request.AdvSecret));
    }

    public override string ToString() => "PasskeyRequest [redacted]";

    private static byte[] Part(ByteString part) => part.Length == PartBytes ? part.ToByteArray() : throw new ProtocolException($"a part of the pairing request has {part.Length} bytes instead of {PartBytes}");
}
