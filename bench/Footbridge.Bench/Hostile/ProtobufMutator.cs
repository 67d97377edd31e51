using System.Text;
using Google.Protobuf;

namespace Footbridge.Bench.Hostile;

/// <summary>Changes the structure of a protobuf message without knowing its schema: fields are doubled, dropped, moved, nested, retyped, made extreme or taken from another message.</summary>
internal static class ProtobufMutator
{
    private const int MaxDepth = 40;
    private const int MaxFields = 2000;
    private const int MaxRepeats = 50;
    private const int MaxNestedBytes = 32 * 1024;
    private static readonly ulong[] Numbers = [0, 1, 2, 127, 128, int.MaxValue, uint.MaxValue, (ulong)uint.MaxValue + 1, long.MaxValue, 1UL << 63, ulong.MaxValue, 8_640_000_000_000, 253_402_300_800];

    private static readonly byte[][] Texts =
    [
        [], "\0"u8.ToArray(), "-1"u8.ToArray(), "@"u8.ToArray(), "@g.us"u8.ToArray(), "1@lid"u8.ToArray(), "5511999999999:99@s.whatsapp.net"u8.ToArray(), "status@broadcast"u8.ToArray(),
        "/"u8.ToArray(), "https://127.0.0.1/"u8.ToArray(), [0xED, 0xA0, 0x80], [0xC3], [0xF4, 0x8F, 0xBF, 0xBF], Encoding.UTF8.GetBytes("\u202e\u2028\ufeff"), Encoding.UTF8.GetBytes(new string('\u0301', 2000)), new byte[31], new byte[33],
    ];

    /// <param name="donor">A message that fields are taken from.</param>
    public static byte[] Mutate(Random random, byte[] message, byte[] donor) => Mutate(random, message, donor, 0);

    private static byte[] Mutate(Random random, byte[] message, byte[] donor, int depth)
    {
        if (Split(message) is not { Count: > 0 } fields) return donor;
        var at = random.Next(fields.Count);
        var field = fields[at];
        if (field.Bytes is { Length: > 1 } inner && depth < MaxDepth && random.Next(4) != 0 && Split(inner) is { Count: > 0 })
        {
            fields[at] = field with { Bytes = Mutate(random, inner, donor, depth + 1) };
            return Join(fields);
        }

        Change(random, fields, at, message, donor);
        return Join(fields);
    }

    private static void Change(Random random, List<Field> fields, int at, byte[] message, byte[] donor)
    {
        var field = fields[at];
        switch (random.Next(10))
        {
            case 0:
                fields.InsertRange(at, Enumerable.Repeat(field, random.Next(1, MaxRepeats)));
                break;
            case 1:
                fields.RemoveAt(at);
                break;
            case 2:
                var other = random.Next(fields.Count);
                (fields[at], fields[other]) = (fields[other], field);
                break;
            case 3 or 4:
                fields[at] = Extreme(random, field);
                break;
            case 5:
                fields[at] = field with { Number = random.Next(2) == 0 ? random.Next(1, 130) : fields[random.Next(fields.Count)].Number };
                break;
            case 6:
                fields[at] = Retyped(random, field);
                break;
            case 7:
                fields[at] = field with { Type = WireFormat.WireType.LengthDelimited, Bytes = Nested(random, field.Number, message) };
                break;
            case 8:
                if (Grafted(random, donor) is { } graft) fields.Insert(at, graft);
                break;
            default:
                fields.Insert(at, new(random.Next(1, 130), WireFormat.WireType.LengthDelimited, 0, []));
                break;
        }
    }

    private static Field Extreme(Random random, Field field) => field.Bytes is null ? field with { Value = Numbers[random.Next(Numbers.Length)] }
        : field with { Bytes = random.Next(4) == 0 ? Enumerable.Repeat((byte)random.Next(32, 127), random.Next(20_000)).ToArray() : Texts[random.Next(Texts.Length)] };

    private static Field Retyped(Random random, Field field)
    {
        WireFormat.WireType[] types = [WireFormat.WireType.Varint, WireFormat.WireType.Fixed64, WireFormat.WireType.LengthDelimited, WireFormat.WireType.Fixed32];
        var type = types[random.Next(types.Length)];
        return field with { Type = type, Bytes = type == WireFormat.WireType.LengthDelimited ? field.Bytes ?? [1, 2, 3] : null };
    }

    /// <summary>The whole message within itself, in one field, some times or a thousand.</summary>
    private static byte[] Nested(Random random, int number, byte[] message)
    {
        var nested = message;
        for (var n = random.Next(random.Next(8) == 0 ? 1000 : 60); n >= 0 && nested.Length < MaxNestedBytes; n--) nested = Join([new(number, WireFormat.WireType.LengthDelimited, 0, nested)]);
        return nested;
    }

    private static Field? Grafted(Random random, byte[] donor)
    {
        for (var depth = 0; Split(donor) is { Count: > 0 } fields; depth++)
        {
            var field = fields[random.Next(fields.Count)];
            if (field.Bytes is not { Length: > 1 } inner || depth == MaxDepth || random.Next(2) == 0) return field;
            donor = inner;
        }

        return null;
    }

    /// <summary>The fields, or null when the bytes are no message.</summary>
    private static List<Field>? Split(byte[] bytes)
    {
        var fields = new List<Field>();
        try
        {
            using var input = new CodedInputStream(bytes);
            while (input.ReadTag() is > 0 and var tag)
            {
                if (fields.Count == MaxFields) return null;
                var (number, type) = (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag));
                switch (type)
                {
                    case WireFormat.WireType.Varint: fields.Add(new(number, type, input.ReadUInt64(), null)); break;
                    case WireFormat.WireType.Fixed64: fields.Add(new(number, type, input.ReadFixed64(), null)); break;
                    case WireFormat.WireType.Fixed32: fields.Add(new(number, type, input.ReadFixed32(), null)); break;
                    case WireFormat.WireType.LengthDelimited: fields.Add(new(number, type, 0, input.ReadBytes().ToByteArray())); break;
                    default: return null;
                }
            }

            return fields;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static byte[] Join(List<Field> fields)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            foreach (var field in fields)
            {
                output.WriteTag(field.Number, field.Type);
                if (field.Type == WireFormat.WireType.LengthDelimited) output.WriteBytes(ByteString.CopyFrom(field.Bytes));
                else if (field.Type == WireFormat.WireType.Fixed64) output.WriteFixed64(field.Value);
                else if (field.Type == WireFormat.WireType.Fixed32) output.WriteFixed32((uint)field.Value);
                else output.WriteUInt64(field.Value);
            }
        }

        return bytes.ToArray();
    }

    /// <param name="Bytes">Of a field with a length, else null.</param>
    private readonly record struct Field(int Number, WireFormat.WireType Type, ulong Value, byte[]? Bytes);
}
