using System.IO.Compression;
using Footbridge.Engine;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Protocol;
using Footbridge.Protocol.Xml;

namespace Footbridge.Bench.Hostile;

/// <summary>Plaintext frames into nodes, and nodes into what the engine reads from them first.</summary>
internal static class NodeTarget
{
    private const byte Compressed = 2;
    private const int Bombs = 500;
    private static readonly Account Me = new(new Jid("5511000000001", JidServer.User, 3), new Jid("100000000000001", JidServer.Lid, 3), "Ana");

    public static HostileTarget Create(int seed) => new("node reader", new(seed, Samples(), Special), Parse);

    private static Node? Parse(byte[] input)
    {
        var node = NodeReader.Decode(input);
        CheckJids(node);
        foreach (var read in new Action<Node>[] { n => MessageSource.Parse(n, Me), n => Bundles.Parse(n, 1), n => ConnectionEnd.OfFailure(n), n => ConnectionEnd.OfStreamError(n) })
        {
            try
            {
                read(node);
            }
            catch (ProtocolException)
            {
                // A node that is no such stanza.
            }
        }

        return node;
    }

    /// <summary>A jid from the wire must be one that its text is, or two addresses could pass for one.</summary>
    private static void CheckJids(Node node)
    {
        foreach (var (key, value) in node.Attributes)
        {
            if (value.IsJid && (!Jid.TryParse(value.ToString(), out var jid) || jid != value.Jid)) throw new InvalidOperationException($"'{key}' is a jid that its text is not: {value}");
        }

        foreach (var child in node.Children) CheckJids(child);
    }

    private static byte[][] Samples()
    {
        var message = Node.Of("message",
            [("id", "3EB0ABCDEF0123456789"), ("from", new Jid("5511999999999", JidServer.User, 3)), ("t", 1795354462), ("notify", "Zoë ✓"), ("offline", "")],
            Node.Of("participants", Node.Of("to", [("jid", new Jid("123", JidServer.HostedLid, 99))], Node.OfBytes("enc", [("v", "2"), ("type", "pkmsg")], new byte[300]))),
            Node.OfText("body", "12.5-3"), Node.OfText("hash", "ABCDEF01"));
        var bundle = Node.Of("user", [("jid", new Jid("123", JidServer.Lid, 7))],
            Node.OfBytes("registration", [0, 0, 1, 2]), Node.OfBytes("identity", new byte[32]),
            Node.Of("skey", Node.OfBytes("id", [0, 0, 1]), Node.OfBytes("value", new byte[32]), Node.OfBytes("signature", new byte[64])));
        byte[] forms = [0, 248, 9, 25, 246, 255, 2, 0x12, 0x34, 0, 5, 252, 4, 0x6D, 0x73, 0x67, 0x72, 26, 245, 255, 1, 0x12, 0, 5, 0, 6, 27, 247, 1, 9, 255, 1, 0x12, 28, 0, 0];
        return [NodeWriter.Encode(message), NodeWriter.Encode(bundle), NodeWriter.Encode(Node.Of("failure", [("reason", "401")])), Compress(NodeWriter.Encode(message).AsSpan(1)), forms];
    }

    private static byte[] Special(Random random) => random.Next(Bombs) switch
    {
        0 => Compress(new byte[random.Next(NodeReader.MaxInflatedBytes + 1024)]),
        1 => Compress(Attributes(random.Next(2_000_000))),
        2 => Compress(Wide(random.Next(1, 4), random.Next(1, 65_536))),
        < 150 => Nested(random.Next(1, 400)),
        < 250 => [0, .. Wide(1, random.Next(2_000))],
        < 350 => [0, .. Attributes(random.Next(1_200))],
        _ => WithDictionary(random),
    };

    private static byte[] Nested(int depth) => [0, .. Enumerable.Repeat<byte[]>([248, 2, 20, 248, 1], depth).SelectMany(b => b), 248, 1, 20];

    /// <summary>Levels of nodes with many children each: 3 bytes for each node.</summary>
    private static byte[] Wide(int levels, int count)
    {
        byte[] node = [248, 1, 20];
        for (var i = 0; i < levels; i++) node = [248, 2, 20, 249, (byte)(count >> 8), (byte)count, .. Enumerable.Repeat(node, i == 0 ? count : 8).SelectMany(b => b)];
        return node;
    }

    /// <summary>Nodes with a thousand attributes each, empty names and values: 2 bytes for each.</summary>
    private static byte[] Attributes(int count)
    {
        const int Most = 1000;
        var nodes = Math.Min(count / Most + 1, ushort.MaxValue);
        var node = new byte[4 + 2 * Most];
        (node[0], node[1], node[2], node[3]) = (249, (2 * Most + 1) >> 8, (2 * Most + 1) & 0xFF, 20);
        return [248, 2, 20, 249, (byte)(nodes >> 8), (byte)nodes, .. Enumerable.Repeat(node, nodes).SelectMany(b => b)];
    }

    /// <summary>A zlib header, among them those that ask for a dictionary nobody has.</summary>
    private static byte[] WithDictionary(Random random)
    {
        var flags = random.Next(256);
        flags += (31 - (0x78 * 256 + flags) % 31) % 31;
        var rest = new byte[random.Next(40)];
        random.NextBytes(rest);
        return [Compressed, 0x78, (byte)flags, .. rest];
    }

    private static byte[] Compress(ReadOnlySpan<byte> body)
    {
        using var output = new MemoryStream();
        output.WriteByte(Compressed);
        using (var zlib = new ZLibStream(output, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(body);
        return output.ToArray();
    }
}
