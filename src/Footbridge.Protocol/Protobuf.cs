using Google.Protobuf;

namespace Footbridge.Protocol;

/// <summary>Protobuf parsing that fails with this project's exception.</summary>
public static class Protobuf
{
    /// <exception cref="ProtocolException">The bytes are no such message.</exception>
    public static T Parse<T>(MessageParser<T> parser, ReadOnlySpan<byte> bytes) where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ProtocolException($"malformed {typeof(T).Name}", e);
        }
    }
}
