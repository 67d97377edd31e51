using System.Security.Cryptography;
using System.Text.Json;
using Footbridge.Protocol.Xml;
using Google.Protobuf;

namespace Footbridge.Protocol.Messages;

/// <summary>The token by which a recipient can report a message without showing it. Source: docs/protocol/message-kinds.md.</summary>
public static class ReportingToken
{
    /// <summary>The version that is written into the stanza.</summary>
    public const int Version = 2;

    private const int TokenBytes = 16;
    private const int MaxDepth = 16;
    private static readonly Dictionary<int, Rule> Table = Load();

    /// <summary>The token of a message's plaintext, or null when nothing in it counts.</summary>
    /// <param name="message">The protobuf as it is encrypted, without padding.</param>
    /// <param name="author">The own address as used in this chat.</param>
    /// <exception cref="ProtocolException">The bytes are no protobuf.</exception>
    public static byte[]? Of(ReadOnlySpan<byte> message, ReadOnlySpan<byte> secret, string messageId, Jid author, Jid chat)
    {
        var content = Filter(message);
        if (content.Length == 0) return null;
        return HMACSHA256.HashData(AddOnCipher.DeriveKey(AddOnUse.ReportToken, secret, messageId, author, chat), content)[..TokenBytes];
    }

    /// <summary>The fields that the token covers, by field number, in order of arrival within one number.</summary>
    internal static byte[] Filter(ReadOnlySpan<byte> message)
    {
        try
        {
            return Filter(message.ToArray(), Table, 0);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidOperationException)
        {
            throw new ProtocolException("a message that is no protobuf", e);
        }
    }

    private static byte[] Filter(byte[] message, Dictionary<int, Rule> rules, int depth)
    {
        if (depth > MaxDepth) throw new ProtocolException("a message that is nested too deeply");
        var kept = new List<(int Field, byte[] Bytes)>();
        var input = new CodedInputStream(message);
        while (!input.IsAtEnd)
        {
            var start = (int)input.Position;
            var tag = input.ReadTag();
            var field = WireFormat.GetTagFieldNumber(tag);
            var isNested = WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited;
            if (rules.TryGetValue(field, out var rule) && rule.Inner is not null && isNested)
            {
                var inner = Filter(input.ReadBytes().ToByteArray(), rule.Inner, depth + 1);
                if (inner.Length > 0) kept.Add((field, Encode(tag, inner)));
                continue;
            }

            input.SkipLastField();
            if (rule is not null) kept.Add((field, message[start..(int)input.Position]));
        }

        return [.. kept.OrderBy(k => k.Field).SelectMany(k => k.Bytes)];
    }

    private static byte[] Encode(uint tag, byte[] inner)
    {
        using var stream = new MemoryStream();
        using var output = new CodedOutputStream(stream);
        output.WriteTag(tag);
        output.WriteBytes(ByteString.CopyFrom(inner));
        output.Flush();
        return stream.ToArray();
    }

    private static Dictionary<int, Rule> Load()
    {
        using var stream = typeof(ReportingToken).Assembly.GetManifestResourceStream("reporting-fields.json")
            ?? throw new InvalidOperationException("the reporting fields are missing from the assembly");
        using var json = JsonDocument.Parse(stream);
        var table = new Dictionary<int, Rule>();
        Read(json.RootElement.GetProperty("fields"), table, table);
        return table;
    }

    private static Dictionary<int, Rule> Read(JsonElement fields, Dictionary<int, Rule> into, Dictionary<int, Rule> top)
    {
        foreach (var field in fields.EnumerateArray())
        {
            var inner = field.TryGetProperty("m", out var nests) && nests.GetBoolean() ? top
                : field.TryGetProperty("s", out var parts) ? Read(parts, [], top)
                : null;
            into.Add(field.GetProperty("f").GetInt32(), new(inner));
        }

        return into;
    }

    /// <param name="Inner">The rules for what is in the field; null keeps it byte for byte.</param>
    private sealed record Rule(Dictionary<int, Rule>? Inner);
}
