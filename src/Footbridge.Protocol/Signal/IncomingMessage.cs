using Footbridge.Protocol.Generated;

namespace Footbridge.Protocol.Signal;

/// <summary>The parts of a <c>msg</c>, checked; the ratchet key is 32 bytes.</summary>
internal sealed record IncomingMessage(byte[] RatchetKey, uint Counter, byte[] Ciphertext, byte[] Versioned, byte[] Mac)
{
    public static IncomingMessage Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 1 + MessageKeys.MacBytes || bytes[0] >> 4 != SessionCipher.Version >> 4)
        {
            throw new SignalException(SignalError.InvalidMessage, "not a message of version 3");
        }

        var versioned = bytes[..^MessageKeys.MacBytes];
        var message = Protobuf.Parse(SignalMessage.Parser, versioned[1..]);
        return new(
            SignalKeys.WithoutType(message.RatchetKey.Span), message.Counter, message.Ciphertext.ToByteArray(),
            versioned.ToArray(), bytes[^MessageKeys.MacBytes..].ToArray());
    }
}
