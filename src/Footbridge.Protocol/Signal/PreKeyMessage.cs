using Footbridge.Protocol.Generated;

namespace Footbridge.Protocol.Signal;

/// <summary>The parts of a <c>pkmsg</c>, checked; keys are 32 bytes.</summary>
internal sealed record PreKeyMessage(uint RegistrationId, uint? PreKeyId, uint SignedPreKeyId, byte[] BaseKey, byte[] IdentityKey, byte[] Inner)
{
    public static PreKeyMessage Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2 || bytes[0] >> 4 != SessionCipher.Version >> 4) throw new SignalException(SignalError.InvalidMessage, "not a prekey message of version 3");
        var message = Protobuf.Parse(PreKeySignalMessage.Parser, bytes[1..]);
        return new(
            message.RegistrationId, message.HasPreKeyId ? message.PreKeyId : null, message.SignedPreKeyId,
            SignalKeys.WithoutType(message.BaseKey.Span), SignalKeys.WithoutType(message.IdentityKey.Span), message.Message.ToByteArray());
    }
}
