using System.Security.Cryptography;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Google.Protobuf;

namespace Footbridge.Protocol.Pairing;

/// <summary>The device's half of linking with a passkey: commits to a nonce, and reveals it when the phone has shown its own.</summary>
/// <remarks>Source: docs/protocol/pairing.md.</remarks>
public sealed class PasskeyDevice
{
    private readonly KeyPair _ephemeral = Curve25519.GenerateKeyPair();
    private readonly CompanionEphemeralIdentity _identity;

    /// <param name="reference">The server's text for this attempt.</param>
    public PasskeyDevice(DeviceProps.Types.PlatformType type, string reference)
    {
        _identity = new() { PublicKey = ByteString.CopyFrom(_ephemeral.Public), DeviceType = type, Ref = reference };
        var bytes = _identity.ToByteArray();
        Prologue = new ProloguePayload
        {
            CompanionEphemeralIdentity = ByteString.CopyFrom(bytes),
            Commitment = new() { Hash = ByteString.CopyFrom(PasskeyAgreement.Commitment(bytes, Nonce)) },
        }.ToByteArray();
    }

    /// <summary>A <c>ProloguePayload</c>: the ephemeral key, and what binds this device to its nonce.</summary>
    public byte[] Prologue { get; }

    /// <summary>32 bytes, kept back until the phone has sent its part: so neither side can choose the code.</summary>
    public byte[] Nonce { get; } = RandomNumberGenerator.GetBytes(PasskeyAgreement.PartBytes);

    /// <param name="primaryIdentity">The phone's <c>PrimaryEphemeralIdentity</c>.</param>
    /// <exception cref="ProtocolException">It is malformed.</exception>
    public PasskeyAgreement Agree(ReadOnlySpan<byte> primaryIdentity)
    {
        var phone = Protobuf.Parse(PrimaryEphemeralIdentity.Parser, primaryIdentity);
        if (phone.PublicKey.Length != PasskeyAgreement.PartBytes || phone.Nonce.Length != PasskeyAgreement.PartBytes) throw new ProtocolException("the phone's ephemeral identity has parts of a wrong length");
        return PasskeyAgreement.Of(_identity, Nonce, phone, _ephemeral.Private, phone.PublicKey.Span);
    }

    public override string ToString() => "PasskeyDevice [redacted]";
}
