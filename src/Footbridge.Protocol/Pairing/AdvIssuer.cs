using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Google.Protobuf;

namespace Footbridge.Protocol.Pairing;

/// <summary>The phone's half of pairing: states that a device belongs to the account, and checks the device's answer.</summary>
public static class AdvIssuer
{
    /// <summary>An <c>ADVSignedDeviceIdentityHMAC</c> for a device that showed its identity and secret in a QR code.</summary>
    public static byte[] Issue(KeyPair account, ReadOnlySpan<byte> deviceIdentity, ReadOnlySpan<byte> advSecret, ADVDeviceIdentity details)
    {
        var detailBytes = details.ToByteArray();
        var signed = new ADVSignedDeviceIdentity
        {
            Details = ByteString.CopyFrom(detailBytes),
            AccountSignatureKey = ByteString.CopyFrom(account.Public),
            AccountSignature = ByteString.CopyFrom(Curve25519.Sign(account.Private, AdvIdentity.AccountMessage(detailBytes, details, deviceIdentity))),
        };
        var envelope = new ADVSignedDeviceIdentityHMAC { Details = ByteString.CopyFrom(signed.ToByteArray()) };
        envelope.Hmac = ByteString.CopyFrom(AdvIdentity.Hmac(envelope, advSecret));
        return envelope.ToByteArray();
    }

    /// <summary>Whether a device's answer carries a right device signature.</summary>
    /// <exception cref="ProtocolException">The answer is malformed.</exception>
    public static bool IsSignedByDevice(ReadOnlySpan<byte> reply, ReadOnlySpan<byte> deviceIdentity, ReadOnlySpan<byte> accountKey)
    {
        var signed = Protobuf.Parse(ADVSignedDeviceIdentity.Parser, reply);
        return Curve25519.Verify(deviceIdentity, AdvIdentity.DeviceMessage(signed.Details.Span, deviceIdentity, accountKey), signed.DeviceSignature.Span);
    }
}
