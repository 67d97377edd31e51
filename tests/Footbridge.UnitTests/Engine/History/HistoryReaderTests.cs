using System.IO.Compression;
using Footbridge.Engine.History;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Google.Protobuf;

namespace Footbridge.UnitTests.Engine.History;

public sealed class HistoryReaderTests
{
    [Fact]
    public void A_chat_comes_without_its_messages_and_gives_them_one_by_one()
    {
        var chat = new Conversation { Id = "1@lid", Name = "Zoë", Messages = { Of("1"), new HistorySyncMsg(), Of("2") } };
        var sync = new HistorySync { Conversations = { chat }, Pushnames = { new Pushname { Id = "1@lid", Pushname_ = "Z" } }, NctSalt = ByteString.CopyFrom(7), ChunkOrder = 5 };
        var seen = new List<string>();
        foreach (var part in HistoryReader.Read(Compressed(sync.ToByteArray())))
        {
            if (part is HistoryPart.Chat read) seen.Add($"{read.Conversation.Name} {read.Conversation.Messages.Count} {string.Join(',', read.Messages().Select(m => m.Message.Key.Id))}");
            else seen.Add(part switch { HistoryPart.Name name => name.Pushname.Pushname_, HistoryPart.NctSalt salt => $"{salt.Salt[0]}", _ => "?" });
        }

        Assert.Equal(["Zoë 0 1,2", "Z", "7"], seen);
    }

    [Fact]
    public void Very_many_messages_of_a_chat_take_their_bytes_until_they_are_asked_for()
    {
        byte[] message = Of("1").ToByteArray();
        var compressed = Compressed(Field(2, Repeated([0x12, (byte)message.Length, .. message], 300_000)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var chat = Assert.IsType<HistoryPart.Chat>(HistoryReader.Read(compressed).First());
        // Its bytes, some 5 MB, as the buffer grows.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32_000_000);
        Assert.Equal(300_000, chat.Messages().Count());
    }

    [Fact]
    public void What_is_wanted_and_too_large_is_refused_and_what_nobody_needs_is_passed_over()
    {
        Assert.Throws<ProtocolException>(() => HistoryReader.Read(Compressed(Field(7, new byte[70_000]))).ToList());
        Assert.Empty(HistoryReader.Read(Compressed(Field(100, new byte[70_000]))));
    }

    [Fact]
    public void A_history_of_very_many_empty_parts_is_refused()
    {
        Assert.Empty(HistoryReader.Read(Compressed(Repeated([0x12, 0], HistoryFields.MaxFields))));
        Assert.Throws<ProtocolException>(() => HistoryReader.Read(Compressed(Repeated([0x12, 0], HistoryFields.MaxFields + 1))).ToList());
    }

    [Fact]
    public void A_message_of_a_chat_that_is_too_large_is_left_out()
    {
        var large = Of("2");
        large.Message.Message.Conversation = new string('x', HistoryReader.MaxMessageBytes);
        var chat = new Conversation { Id = "1@lid", Messages = { Of("1"), large, Of("3") } };
        var read = HistoryReader.Read(Compressed(new HistorySync { Conversations = { chat } }.ToByteArray())).Cast<HistoryPart.Chat>().Select(c => string.Join(',', c.Messages().Select(m => m.Message.Key.Id)));
        Assert.Equal(["1,3"], read);
    }

    [Theory]
    [InlineData("783F68B4E668E97A")]
    [InlineData("FFFFFFFF")]
    public void What_cannot_be_inflated_is_refused(string hex) =>
        Assert.Throws<ProtocolException>(() => HistoryReader.Read(new MemoryStream(Convert.FromHexString(hex))).ToList());

    private static HistorySyncMsg Of(string id) => new() { Message = new() { Key = new() { Id = id }, Message = new() { Conversation = id } } };

    private static byte[] Field(int number, byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(content));
        }

        return bytes.ToArray();
    }

    private static byte[] Repeated(byte[] part, int count) => [.. Enumerable.Repeat(part, count).SelectMany(b => b)];

    private static MemoryStream Compressed(byte[] plain)
    {
        var output = new MemoryStream();
        using (var zlib = new ZLibStream(output, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(plain);
        output.Position = 0;
        return output;
    }
}
