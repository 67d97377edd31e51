using Google.Protobuf;

namespace Footbridge.Protocol;

/// <summary>Where a field of a message lies in the message's bytes.</summary>
/// <param name="Start">Of its tag.</param>
/// <param name="Content">Start of its content, behind tag and length.</param>
/// <param name="End">Where the next field starts.</param>
/// <param name="HasLength">Whether it is text, bytes or a message, and no number.</param>
public readonly record struct ProtobufField(int Number, int Start, int Content, int End, bool HasLength)
{
    public int ContentLength => End - Content;
}

/// <summary>Goes over the outermost fields of a message without making objects of them.</summary>
public static class ProtobufFields
{
    /// <summary>The field that starts at <paramref name="at"/>, or null at the end.</summary>
    /// <exception cref="ProtocolException">The bytes are no message, or hold groups, which no message here has.</exception>
    public static ProtobufField? At(ReadOnlySpan<byte> message, int at)
    {
        if (at == message.Length) return null;
        var start = at;
        var tag = ReadVarint(message, ref at);
        var hasLength = false;
        ulong length = 0;
        switch ((WireFormat.WireType)(tag & 7))
        {
            case WireFormat.WireType.Varint: ReadVarint(message, ref at); break;
            case WireFormat.WireType.Fixed32: length = sizeof(uint); break;
            case WireFormat.WireType.Fixed64: length = sizeof(ulong); break;
            case WireFormat.WireType.LengthDelimited: (length, hasLength) = (ReadVarint(message, ref at), true); break;
            default: throw new ProtocolException("a protobuf field of an unknown kind");
        }

        if (length > (ulong)(message.Length - at)) ProtocolException.ThrowTruncated(need: (int)Math.Min(length, int.MaxValue), have: message.Length - at);
        return new((int)(tag >> 3 & int.MaxValue), start, at, at + (int)length, hasLength);
    }

    private static ulong ReadVarint(ReadOnlySpan<byte> bytes, ref int at)
    {
        // Nearly all tags and lengths are of one byte.
        if (at < bytes.Length && bytes[at] < 0x80) return bytes[at++];
        var value = 0UL;
        for (var shift = 0; shift <= 63; shift += 7)
        {
            if (at == bytes.Length) ProtocolException.ThrowTruncated(need: 1, have: 0);
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if ((next & 0x80) == 0) return value;
        }

        throw new ProtocolException("a protobuf number that is too long");
    }
}
