using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Footbridge.Protocol.Xml;

/// <summary>Decodes plaintext frames into nodes. Anything malformed throws <see cref="ProtocolException"/> and nothing else.</summary>
/// <remarks>
/// Limits: 16 MiB inflated, depth 32, 200,000 nodes a frame, 1,000 attributes a node, 500,000 a frame. Nothing is allocated in proportion to a
/// length that the bytes at hand do not back. Bytes after the root node are ignored. Source: docs/protocol/binary-xml.md.
/// </remarks>
public ref struct NodeReader
{
    public const int MaxInflatedBytes = 16 * 1024 * 1024;
    public const int MaxDepth = 32;
    public const int MaxNodes = 200_000;
    public const int MaxAttributes = 1000;

    /// <summary>An attribute takes 2 bytes inflated, a thousandth of that compressed, and some 60 in memory.</summary>
    public const int MaxFrameAttributes = 500_000;

    private ReadOnlySpan<byte> _rest;
    private int _nodes;
    private int _attributes;

    private NodeReader(ReadOnlySpan<byte> data) => _rest = data;

    /// <summary>Decodes a frame: the flags byte, then one node, compressed or not.</summary>
    public static Node Decode(ReadOnlySpan<byte> frame)
    {
        if (frame.Length == 0) ProtocolException.ThrowTruncated(need: 1, have: 0);
        if ((frame[0] & Tag.CompressedFlag) != 0)
        {
            var inflated = Inflate(frame[1..]);
            return new NodeReader(inflated).ReadNode(depth: 1);
        }

        return new NodeReader(frame[1..]).ReadNode(depth: 1);
    }

    private static byte[] Inflate(ReadOnlySpan<byte> compressed)
    {
        using var zlib = new ZLibStream(new MemoryStream(compressed.ToArray()), CompressionMode.Decompress);
        return Inflation.ReadAll(zlib, MaxInflatedBytes, "a frame");
    }

    private Node ReadNode(int depth)
    {
        if (depth > MaxDepth) throw new ProtocolException("nodes nest too deeply");
        if (++_nodes > MaxNodes) throw new ProtocolException("too many nodes in one frame");
        var size = ReadListSize(ReadByte());
        if (size == 0) throw new ProtocolException("a node of size 0");
        var tag = ReadText(ReadByte());
        if (tag.Length == 0) throw new ProtocolException("a node with an empty tag");
        var attributes = ReadAttributes((size - 1) / 2);
        if (size % 2 == 1) return Node.FromParts(tag, attributes, [], null, null);
        return ReadContent(tag, attributes, depth);
    }

    private Node ReadContent(string tag, KeyValuePair<string, AttributeValue>[] attributes, int depth)
    {
        var first = ReadByte();
        if (first is Tag.ListEmpty or Tag.List8 or Tag.List16) return Node.FromParts(tag, attributes, ReadChildren(ReadListSize(first), depth), null, null);
        if (first is Tag.Binary8 or Tag.Binary20 or Tag.Binary32) return Node.FromParts(tag, attributes, [], Take(ReadLength(first)).ToArray(), null);
        return Node.FromParts(tag, attributes, [], null, ReadValue(first).ToString());
    }

    private Node[] ReadChildren(int count, int depth)
    {
        const int SmallestNode = 3;
        if (count * SmallestNode > _rest.Length) ProtocolException.ThrowTruncated(count * SmallestNode, _rest.Length);
        var children = new Node[count];
        for (var i = 0; i < count; i++) children[i] = ReadNode(depth + 1);
        return children;
    }

    private KeyValuePair<string, AttributeValue>[] ReadAttributes(int count)
    {
        if (count > MaxAttributes) throw new ProtocolException($"{count} attributes on one node");
        if ((_attributes += count) > MaxFrameAttributes) throw new ProtocolException("too many attributes in one frame");
        if (count * 2 > _rest.Length) ProtocolException.ThrowTruncated(count * 2, _rest.Length);
        var attributes = new KeyValuePair<string, AttributeValue>[count];
        for (var i = 0; i < count; i++)
        {
            var key = ReadText(ReadByte());
            attributes[i] = new(key, ReadValue(ReadByte()));
        }

        return attributes;
    }

    private AttributeValue ReadValue(byte tag) => tag switch
    {
        Tag.ListEmpty => "",
        Tag.JidPair => ReadJidPair(),
        Tag.DeviceJid => ReadDeviceJid(),
        Tag.MessengerJid => ReadMessengerJid(),
        Tag.InteropJid => ReadInteropJid(),
        _ => ReadText(tag),
    };

    private AttributeValue ReadJidPair()
    {
        var user = ReadByte() is var tag && tag == Tag.ListEmpty ? "" : ReadText(tag);
        var server = ReadText(ReadByte());
        if (user.Length == 0) return Jid.TryParse(server, out var service) ? service : server;
        var text = $"{user}@{server}";
        return Jid.TryParse(text, out var jid) && jid.ToString() == text ? jid : text;
    }

    private AttributeValue ReadDeviceJid()
    {
        var domain = ReadByte();
        var device = ReadByte();
        var user = ReadText(ReadByte());
        return ExactOrText(domain switch
        {
            DomainType.User => new Jid(user, JidServer.User, device),
            DomainType.Lid => new Jid(user, JidServer.Lid, device),
            DomainType.Hosted => new Jid(user, JidServer.Hosted, device),
            DomainType.HostedLid => new Jid(user, JidServer.HostedLid, device),
            _ => new Jid(user, JidServer.User, device, domain),
        });
    }

    private AttributeValue ReadMessengerJid()
    {
        var user = ReadText(ReadByte());
        var device = BinaryPrimitives.ReadUInt16BigEndian(Take(2));
        return ExactOrText(new Jid(user, ReadText(ReadByte()), device));
    }

    private AttributeValue ReadInteropJid()
    {
        var user = ReadText(ReadByte());
        var device = BinaryPrimitives.ReadUInt16BigEndian(Take(2));
        var integrator = BinaryPrimitives.ReadUInt16BigEndian(Take(2));
        return ExactOrText(new Jid(integrator.ToString(CultureInfo.InvariantCulture) + "-" + user, JidServer.Interop, device));
    }

    /// <summary>A jid whose text would name somebody else stays text, so that nobody can pass for another.</summary>
    private static AttributeValue ExactOrText(Jid jid) => jid.IsExact ? jid : jid.ToString();

    private string ReadText(byte tag)
    {
        switch (tag)
        {
            case Tag.ListEmpty:
                return "";
            case Tag.Nibble8 or Tag.Hex8:
                var header = ReadByte();
                return PackedText.Unpack(Take(header & 0x7F), tag, isOdd: (header & 0x80) != 0);
            case Tag.Binary8 or Tag.Binary20 or Tag.Binary32:
                return Encoding.UTF8.GetString(Take(ReadLength(tag)));
            case >= Tag.DoubleToken0 and <= Tag.DoubleToken3:
                return Tokens.Double(tag, ReadByte());
            default:
                return Tokens.Single(tag);
        }
    }

    private int ReadLength(byte tag)
    {
        if (tag == Tag.Binary8) return ReadByte();
        if (tag == Tag.Binary20)
        {
            var bytes = Take(3);
            return (bytes[0] & 0x0F) << 16 | bytes[1] << 8 | bytes[2];
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(Take(4));
        if (length > (uint)_rest.Length) ProtocolException.ThrowTruncated((int)Math.Min(length, int.MaxValue), _rest.Length);
        return (int)length;
    }

    private int ReadListSize(byte tag) => tag switch
    {
        Tag.ListEmpty => 0,
        Tag.List8 => ReadByte(),
        Tag.List16 => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
        _ => throw new ProtocolException($"byte {tag} does not start a list"),
    };

    private byte ReadByte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)_rest.Length) ProtocolException.ThrowTruncated(need: count, have: _rest.Length);
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
