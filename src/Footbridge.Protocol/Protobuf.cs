using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Footbridge.Protocol;

/// <summary>Protobuf parsing that fails with this project's exception.</summary>
public static class Protobuf
{
    /// <exception cref="ProtocolException">The bytes are no such message, or one that would take far more memory than its size allows.</exception>
    public static T Parse<T>(MessageParser<T> parser, ReadOnlySpan<byte> bytes) where T : IMessage<T>
    {
        if (bytes.Length > ProtobufWeight.MaxLightBytes) ProtobufWeight.Check(TypeOf<T>.Descriptor(parser), bytes);
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ProtocolException($"malformed {typeof(T).Name}", e);
        }
    }

    private static class TypeOf<T> where T : IMessage<T>
    {
        private static MessageDescriptor? _descriptor;

        public static MessageDescriptor Descriptor(MessageParser<T> parser) => _descriptor ??= parser.ParseFrom([]).Descriptor;
    }
}
