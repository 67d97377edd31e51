using System.Security.Cryptography;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Google.Protobuf;

namespace Footbridge.Protocol.Pairing;

/// <summary>The phone's half of linking with a passkey; only the simulator and the tests use it. Source: docs/protocol/pairing.md.</summary>
public sealed class PasskeyPhone
{
    private readonly KeyPair _ephemeral = Curve25519.GenerateKeyPair();
    private readonly ProloguePayload _prologue;
    private readonly CompanionEphemeralIdentity _device;
    private readonly PrimaryEphemeralIdentity _identity;

    /// <param name="reference">The text that the device must have used.</param>
    /// <exception cref="ProtocolException">The prologue is malformed, or of another attempt.</exception>
    public PasskeyPhone(ReadOnlySpan<byte> prologue, string reference)
    {
        _prologue = Protobuf.Parse(ProloguePayload.Parser, prologue);
        _device = Protobuf.Parse(CompanionEphemeralIdentity.Parser, _prologue.CompanionEphemeralIdentity.Span);
        if (_device.PublicKey.Length != PasskeyAgreement.PartBytes || _prologue.Commitment is null) throw new ProtocolException("the prologue lacks the key or the commitment");
        if (_device.Ref != reference) throw new ProtocolException("the prologue is of another attempt");
        _identity = new() { PublicKey = ByteString.CopyFrom(_ephemeral.Public), Nonce = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(PasskeyAgreement.PartBytes)) };
    }

    /// <summary>A <c>PrimaryEphemeralIdentity</c>, sent before the device reveals its nonce.</summary>
    public byte[] Identity => _identity.ToByteArray();

    /// <exception cref="ProtocolException">The device committed to another nonce.</exception>
    public PasskeyAgreement Agree(ReadOnlySpan<byte> deviceNonce)
    {
        var commitment = PasskeyAgreement.Commitment(_prologue.CompanionEphemeralIdentity.Span, deviceNonce);
        if (!CryptographicOperations.FixedTimeEquals(commitment, _prologue.Commitment.Hash.Span)) throw new ProtocolException("the device reveals another nonce than it committed to");
        return PasskeyAgreement.Of(_device, deviceNonce, _identity, _ephemeral.Private, _device.PublicKey.Span);
    }

    public override string ToString() => "PasskeyPhone [redacted]";
}
