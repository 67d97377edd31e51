using System.Security.Cryptography;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Google.Protobuf;

namespace Footbridge.Protocol.Pairing;

/// <summary>Why a phone's statement about this device is refused; the texts are those of the iq error.</summary>
public sealed class AdvException(string reason) : ProtocolException(reason)
{
    public const string HmacMismatch = "hmac-mismatch";
    public const string SignatureMismatch = "signature-mismatch";

    /// <summary><see cref="HmacMismatch"/> or <see cref="SignatureMismatch"/>.</summary>
    public string Reason { get; } = reason;
}

/// <summary>The account's statement that this device belongs to it, signed by both. Source: docs/protocol/pairing.md.</summary>
/// <param name="Signed">The whole <c>ADVSignedDeviceIdentity</c>, to be kept and sent with first messages.</param>
/// <param name="Reply">The same without the account's key, as the pairing answer wants it.</param>
/// <param name="AccountKey">The account's identity key, that of its phone, 32 bytes.</param>
public sealed record AdvIdentity(byte[] Signed, byte[] Reply, uint KeyIndex, byte[] AccountKey)
{
    internal static ReadOnlySpan<byte> HostedHmacPrefix => [6, 5];

    private static ReadOnlySpan<byte> DevicePrefix => [6, 1];

    /// <summary>Verifies what the phone signed for this device and adds this device's signature.</summary>
    /// <param name="envelope">An <c>ADVSignedDeviceIdentityHMAC</c>.</param>
    /// <param name="advSecret">The 32 bytes that were in the QR code.</param>
    /// <exception cref="AdvException">The HMAC or the account's signature is wrong.</exception>
    /// <exception cref="ProtocolException">The envelope is malformed.</exception>
    public static AdvIdentity VerifyAndSign(ReadOnlySpan<byte> envelope, ReadOnlySpan<byte> advSecret, KeyPair identity)
    {
        var outer = Protobuf.Parse(ADVSignedDeviceIdentityHMAC.Parser, envelope);
        if (!IsFor(envelope, advSecret)) throw new AdvException(AdvException.HmacMismatch);
        var signed = Protobuf.Parse(ADVSignedDeviceIdentity.Parser, outer.Details.Span);
        var details = Protobuf.Parse(ADVDeviceIdentity.Parser, signed.Details.Span);
        if (!Curve25519.Verify(signed.AccountSignatureKey.Span, AccountMessage(signed.Details.Span, details, identity.Public), signed.AccountSignature.Span))
        {
            throw new AdvException(AdvException.SignatureMismatch);
        }

        byte[] message = [.. DevicePrefix, .. signed.Details.Span, .. identity.Public, .. signed.AccountSignatureKey.Span];
        signed.DeviceSignature = ByteString.CopyFrom(Curve25519.Sign(identity.Private, message));
        var reply = signed.Clone();
        reply.ClearAccountSignatureKey();
        return new(signed.ToByteArray(), reply.ToByteArray(), details.KeyIndex, signed.AccountSignatureKey.ToByteArray());
    }

    /// <summary>Whether the statement's HMAC was made with this secret.</summary>
    /// <exception cref="ProtocolException">The envelope is malformed.</exception>
    public static bool IsFor(ReadOnlySpan<byte> envelope, ReadOnlySpan<byte> advSecret)
    {
        var outer = Protobuf.Parse(ADVSignedDeviceIdentityHMAC.Parser, envelope);
        return CryptographicOperations.FixedTimeEquals(Hmac(outer, advSecret), outer.Hmac.Span);
    }

    internal static byte[] Hmac(ADVSignedDeviceIdentityHMAC envelope, ReadOnlySpan<byte> advSecret)
    {
        byte[] message = envelope.AccountType == ADVEncryptionType.Hosted ? [.. HostedHmacPrefix, .. envelope.Details.Span] : envelope.Details.ToByteArray();
        return HMACSHA256.HashData(advSecret, message);
    }

    internal static byte[] AccountMessage(ReadOnlySpan<byte> detailBytes, ADVDeviceIdentity details, ReadOnlySpan<byte> deviceIdentity)
    {
        ReadOnlySpan<byte> prefix = details.DeviceType == ADVEncryptionType.Hosted ? [6, 5] : [6, 0];
        return [.. prefix, .. detailBytes, .. deviceIdentity];
    }

    internal static byte[] DeviceMessage(ReadOnlySpan<byte> detailBytes, ReadOnlySpan<byte> deviceIdentity, ReadOnlySpan<byte> accountKey) =>
        [.. DevicePrefix, .. detailBytes, .. deviceIdentity, .. accountKey];
}
