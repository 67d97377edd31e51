using System.IO.Compression;
using Footbridge.Protocol;
using Footbridge.Protocol.Xml;

namespace Footbridge.UnitTests.Protocol.Xml;

public sealed class NodeCodecTests
{
    private const int Seed = 20261124;

    [Fact]
    public void Every_golden_frame_decodes_to_its_node_and_its_node_encodes_to_a_frame_that_decodes_alike()
    {
        foreach (var vector in Vectors.WhatsApp("binaryNodes").EnumerateArray())
        {
            var expected = NodeText.Of(NodeText.FromJson(vector.GetProperty("node")));
            Assert.Equal(expected, NodeText.Of(NodeReader.Decode(vector.Hex("encoded"))));
            Assert.Equal(expected, NodeText.Of(NodeReader.Decode(NodeWriter.Encode(NodeText.FromJson(vector.GetProperty("node"))))));
            if (vector.TryGetProperty("alternateEncodingMustAlsoDecode", out _))
            {
                Assert.Equal(expected, NodeText.Of(NodeReader.Decode(vector.Hex("alternateEncodingMustAlsoDecode"))));
            }
        }
    }

    [Fact]
    public void A_stanza_with_every_kind_of_value_survives_the_round_trip()
    {
        var node = SampleNode();
        Assert.Equal(NodeText.Of(node), NodeText.Of(NodeReader.Decode(NodeWriter.Encode(node))));
    }

    [Fact]
    public void A_compressed_frame_is_inflated()
    {
        var plain = NodeWriter.Encode(SampleNode());
        Assert.Equal(NodeText.Of(SampleNode()), NodeText.Of(NodeReader.Decode(Compress(plain.AsSpan(1)))));
    }

    [Fact]
    public void A_frame_that_inflates_past_16_MiB_is_refused()
    {
        var bomb = Compress(new byte[NodeReader.MaxInflatedBytes + 1]);
        Assert.Contains("16 MiB", Assert.Throws<ProtocolException>(() => NodeReader.Decode(bomb)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frame_cut_at_any_byte_is_a_protocol_error()
    {
        var frame = NodeWriter.Encode(SampleNode());
        for (var length = 0; length < frame.Length; length++) Assert.Throws<ProtocolException>(() => NodeReader.Decode(frame.AsSpan(0, length)));
    }

    [Fact]
    public void Random_and_mutated_frames_only_ever_decode_or_give_a_protocol_error()
    {
        var random = new Random(Seed);
        var good = NodeWriter.Encode(SampleNode());
        for (var i = 0; i < 50_000; i++)
        {
            var frame = i % 2 == 0 ? new byte[random.Next(64)] : good.ToArray();
            if (i % 2 == 0) random.NextBytes(frame);
            else for (var n = random.Next(1, 6); n > 0; n--) frame[random.Next(frame.Length)] = (byte)random.Next(256);
            if (frame.Length > 0) frame[0] &= 0xFD;
            if (Record.Exception(() => NodeReader.Decode(frame)) is { } error) Assert.IsType<ProtocolException>(error);
        }
    }

    [Fact]
    public void Nodes_nested_deeper_than_32_are_refused()
    {
        Assert.Equal("a", NodeReader.Decode(NodeWriter.Encode(Nest(NodeReader.MaxDepth))).Tag);
        Assert.Throws<ProtocolException>(() => NodeReader.Decode(NodeWriter.Encode(Nest(NodeReader.MaxDepth + 1))));
    }

    [Theory]
    [InlineData("00f0", "unknown tag")]
    [InlineData("0000", "node of size 0")]
    [InlineData("00f800", "node of size 0 in a list")]
    [InlineData("00f80100", "empty tag")]
    [InlineData("00f802fe7fffffff", "length far past the end")]
    [InlineData("00f9ffff03", "more attributes than allowed")]
    [InlineData("00f801ff01cc", "nibble 12")]
    public void Malformed_forms_are_refused(string hex, string why) =>
        Assert.True(Record.Exception(() => NodeReader.Decode(Convert.FromHexString(hex))) is ProtocolException, why);

    [Fact]
    public void An_attribute_written_as_an_empty_list_reads_as_empty_text() =>
        Assert.Equal("", NodeReader.Decode([0, 248, 3, 25, 8, 0])["id"]);

    [Theory]
    [InlineData("5511999999999@s.whatsapp.net")]
    [InlineData("5511999999999:7@s.whatsapp.net")]
    [InlineData("123456789012345:99@hosted.lid")]
    [InlineData("123456789012345:300@lid")]
    [InlineData("120363000000000001@g.us")]
    [InlineData("status@broadcast")]
    public void A_jid_attribute_round_trips_as_a_jid(string text)
    {
        var jid = Jid.Parse(text);
        var decoded = NodeReader.Decode(NodeWriter.Encode(Node.Of("message", [("to", jid)])));
        Assert.Equal(jid, decoded.JidOf("to"));
        Assert.Equal(jid, NodeReader.Decode(NodeWriter.Encode(Node.Of("message", [("to", text)]))).JidOf("to"));
    }

    [Theory]
    [InlineData("f70007fc03314034", "a user with an at sign")]
    [InlineData("f70007fc0331323a", "a user with a colon")]
    [InlineData("f70007fc03312e32", "a user that ends like an agent")]
    [InlineData("f7000700", "a device of nobody")]
    [InlineData("f6ff01120007fc026d40", "a server with an at sign")]
    public void An_address_whose_text_would_name_somebody_else_is_read_as_text(string hex, string why) =>
        Assert.False(NodeReader.Decode([0, 248, 3, 20, 7, .. Convert.FromHexString(hex)]).Attributes[0].Value.IsJid, why);

    [Theory]
    [InlineData(0xBB)]
    [InlineData(0xF9)]
    public void A_frame_that_asks_for_a_dictionary_is_refused(byte flags) =>
        Assert.Throws<ProtocolException>(() => NodeReader.Decode([2, 0x78, flags, 1, 2, 3, 4, 5, 6, 7, 8]));

    [Fact]
    public void A_small_frame_cannot_ask_for_more_attributes_than_fit_the_memory()
    {
        byte[] node = [249, 2001 >> 8, 2001 & 0xFF, 20, .. new byte[2000]];
        byte[] Frame(int nodes) => Compress([248, 2, 20, 249, (byte)(nodes >> 8), (byte)nodes, .. Enumerable.Repeat(node, nodes).SelectMany(b => b)]);
        Assert.Equal(500, NodeReader.Decode(Frame(NodeReader.MaxFrameAttributes / 1000)).Children.Count);
        Assert.Contains("attributes", Assert.Throws<ProtocolException>(() => NodeReader.Decode(Frame(NodeReader.MaxFrameAttributes / 1000 + 1))).Message, StringComparison.Ordinal);
    }

    private static Node SampleNode() => Node.Of("message",
        [("id", "3EB0ABCDEF0123456789"), ("to", new Jid("5511999999999", JidServer.User, 3)), ("t", 1795354462), ("notify", "Zoë ✓"), ("offline", "")],
        Node.Of("participants", Node.Of("to", [("jid", new Jid("123", JidServer.Lid))], Node.OfBytes("enc", [("v", "2"), ("type", "pkmsg")], new byte[300]))),
        Node.OfText("body", "12.5-3"),
        Node.OfText("hash", "ABCDEF01"),
        Node.OfBytes("large", new byte[1 << 20]));

    private static Node Nest(int depth) => depth == 1 ? Node.Of("a") : Node.Of("a", Nest(depth - 1));

    private static byte[] Compress(ReadOnlySpan<byte> body)
    {
        using var output = new MemoryStream();
        output.WriteByte(2);
        using (var zlib = new ZLibStream(output, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(body);
        return output.ToArray();
    }
}
