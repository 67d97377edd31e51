using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Footbridge.Protocol.Xml;

/// <summary>Encodes nodes into plaintext frames. Source: docs/protocol/binary-xml.md.</summary>
public static class NodeWriter
{
    private const byte Uncompressed = 0;

    /// <summary>The flags byte (0) and the encoded node.</summary>
    public static byte[] Encode(Node node)
    {
        var output = new ArrayBufferWriter<byte>(256);
        WriteByte(output, Uncompressed);
        WriteNode(output, node);
        return output.WrittenSpan.ToArray();
    }

    private static void WriteNode(ArrayBufferWriter<byte> output, Node node)
    {
        var hasContent = node.Children.Count > 0 || node.Bytes is not null || node.Text is not null;
        WriteListHeader(output, 1 + 2 * node.Attributes.Count + (hasContent ? 1 : 0));
        WriteText(output, node.Tag);
        foreach (var (key, value) in node.Attributes)
        {
            WriteText(output, key);
            WriteValue(output, value);
        }

        if (node.Bytes is not null) WriteBytes(output, node.Bytes);
        else if (node.Text is not null) WriteText(output, node.Text);
        else if (node.Children.Count > 0) WriteChildren(output, node.Children);
    }

    private static void WriteChildren(ArrayBufferWriter<byte> output, IReadOnlyList<Node> children)
    {
        WriteListHeader(output, children.Count);
        foreach (var child in children) WriteNode(output, child);
    }

    private static void WriteValue(ArrayBufferWriter<byte> output, AttributeValue value)
    {
        if (value.IsJid) WriteJid(output, value.Jid);
        else if (value.ToString() is var text && text.Contains('@', StringComparison.Ordinal) && IsExactJid(text, out var jid)) WriteJid(output, jid);
        else WriteText(output, text);
    }

    private static bool IsExactJid(string text, out Jid jid) => Jid.TryParse(text, out jid) && jid.User.Length > 0 && jid.ToString() == text;

    private static void WriteJid(ArrayBufferWriter<byte> output, Jid jid)
    {
        if (jid.User.Length == 0)
        {
            WriteText(output, jid.Server);
        }
        else if (jid is { Device: > 0 and <= byte.MaxValue, Agent: 0 } && DomainTypeOf(jid.Server) is { } domain)
        {
            WriteByte(output, Tag.DeviceJid);
            WriteByte(output, domain);
            WriteByte(output, (byte)jid.Device);
            WriteText(output, jid.User);
        }
        else
        {
            WriteByte(output, Tag.JidPair);
            var text = jid.ToString();
            WriteText(output, text[..text.LastIndexOf('@')]);
            WriteText(output, jid.Server);
        }
    }

    private static byte? DomainTypeOf(string server) => server switch
    {
        JidServer.User => DomainType.User,
        JidServer.Lid => DomainType.Lid,
        JidServer.Hosted => DomainType.Hosted,
        JidServer.HostedLid => DomainType.HostedLid,
        _ => null,
    };

    private static void WriteText(ArrayBufferWriter<byte> output, string text)
    {
        if (text.Length == 0)
        {
            WriteByte(output, Tag.Binary8);
            WriteByte(output, 0);
        }
        else if (Tokens.TryGetCode(text, out var code))
        {
            if (code > byte.MaxValue) WriteByte(output, (byte)(code >> 8));
            WriteByte(output, (byte)code);
        }
        else if (PackedText.FitsNibbles(text))
        {
            WritePacked(output, text, Tag.Nibble8);
        }
        else if (PackedText.FitsHex(text))
        {
            WritePacked(output, text, Tag.Hex8);
        }
        else
        {
            WriteBytes(output, Encoding.UTF8.GetBytes(text));
        }
    }

    private static void WritePacked(ArrayBufferWriter<byte> output, string text, byte tag)
    {
        WriteByte(output, tag);
        var size = 1 + (text.Length + 1) / 2;
        PackedText.Pack(text, tag, output.GetSpan(size));
        output.Advance(size);
    }

    private static void WriteBytes(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= byte.MaxValue)
        {
            WriteByte(output, Tag.Binary8);
            WriteByte(output, (byte)bytes.Length);
        }
        else if (bytes.Length < 1 << 20)
        {
            WriteByte(output, Tag.Binary20);
            WriteByte(output, (byte)(bytes.Length >> 16));
            WriteByte(output, (byte)(bytes.Length >> 8));
            WriteByte(output, (byte)bytes.Length);
        }
        else
        {
            WriteByte(output, Tag.Binary32);
            BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(4), bytes.Length);
            output.Advance(4);
        }

        output.Write(bytes);
    }

    private static void WriteListHeader(ArrayBufferWriter<byte> output, int count)
    {
        if (count > ushort.MaxValue) throw new ArgumentException($"a list of {count} does not fit the format");
        if (count <= byte.MaxValue)
        {
            WriteByte(output, Tag.List8);
        }
        else
        {
            WriteByte(output, Tag.List16);
            WriteByte(output, (byte)(count >> 8));
        }

        WriteByte(output, (byte)count);
    }

    private static void WriteByte(ArrayBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }
}
