using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Footbridge.Protocol;

/// <summary>
/// Estimates the memory that a message's objects will take, before any is made. An empty part takes two bytes on the wire and up to a thousand in
/// memory, so a message of some megabytes could take gigabytes. What clients write stays far below the limit.
/// </summary>
internal static class ProtobufWeight
{
    /// <summary>So few bytes cannot become much.</summary>
    public const int MaxLightBytes = 1024;

    private const long BaseBytes = 256 * 1024;
    private const long PerByte = 16;
    private const int MaxDepth = 100;
    private const int ObjectBytes = 24;
    private const int ListBytes = 40;
    private const int TextBytes = 40;
    private const int UnknownBytes = 64;
    private static readonly ConcurrentDictionary<MessageDescriptor, int> Sizes = new();

    /// <exception cref="ProtocolException">It would take more than sixteen times its size and 256 KiB.</exception>
    public static void Check(MessageDescriptor type, ReadOnlySpan<byte> bytes)
    {
        if (Weigh(type, bytes, BaseBytes + PerByte * bytes.Length, 0) < 0) throw new ProtocolException($"a {type.Name} of more parts than its size allows");
    }

    /// <summary>What is left of a budget. Malformed bytes are not weighed: the parser refuses them.</summary>
    private static long Weigh(MessageDescriptor type, ReadOnlySpan<byte> bytes, long left, int depth)
    {
        left -= SizeOf(type);
        while (left >= 0 && TryReadVarint(ref bytes, out var tag))
        {
            switch (WireFormat.GetTagWireType((uint)tag))
            {
                case WireFormat.WireType.Varint when TryReadVarint(ref bytes, out _): break;
                case WireFormat.WireType.Fixed32 when TryTake(ref bytes, sizeof(uint), out _): break;
                case WireFormat.WireType.Fixed64 when TryTake(ref bytes, sizeof(ulong), out _): break;
                case WireFormat.WireType.StartGroup or WireFormat.WireType.EndGroup:
                    left -= UnknownBytes;
                    continue;
                case WireFormat.WireType.LengthDelimited when TryReadVarint(ref bytes, out var length) && TryTake(ref bytes, length, out var content):
                    left = WeighPart(type.FindFieldByNumber(WireFormat.GetTagFieldNumber((uint)tag)), content, left, depth);
                    continue;
                default: return left;
            }

            if (type.FindFieldByNumber(WireFormat.GetTagFieldNumber((uint)tag)) is null) left -= UnknownBytes;
        }

        return left;
    }

    private static long WeighPart(FieldDescriptor? field, ReadOnlySpan<byte> content, long left, int depth) => field switch
    {
        null => left - UnknownBytes,
        { FieldType: FieldType.Message } => depth < MaxDepth ? Weigh(field.MessageType, content, left, depth + 1) : left,
        _ => left - TextBytes,
    };

    /// <summary>A field is eight bytes, a list an object of its own.</summary>
    private static int SizeOf(MessageDescriptor type) => Sizes.GetOrAdd(type, static t =>
        ObjectBytes + t.Fields.InDeclarationOrder().Sum(field => sizeof(long) + (field.IsRepeated ? ListBytes : 0)));

    private static bool TryTake(ref ReadOnlySpan<byte> bytes, ulong count, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (count > (ulong)bytes.Length) return false;
        taken = bytes[..(int)count];
        bytes = bytes[(int)count..];
        return true;
    }

    private static bool TryReadVarint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (var (at, shift) = (0, 0); at < bytes.Length && shift <= 63; at++, shift += 7)
        {
            value |= (ulong)(bytes[at] & 0x7F) << shift;
            if ((bytes[at] & 0x80) != 0) continue;
            bytes = bytes[(at + 1)..];
            return true;
        }

        return false;
    }
}
