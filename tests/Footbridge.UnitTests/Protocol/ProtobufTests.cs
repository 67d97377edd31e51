using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Google.Protobuf;

namespace Footbridge.UnitTests.Protocol;

public sealed class ProtobufTests
{
    [Theory]
    [InlineData(0x6A, 0x00)]
    [InlineData(0x7A, 0x00)]
    public void A_message_of_empty_parts_that_would_fill_the_memory_is_refused_before_it_does(byte tag, byte length)
    {
        byte[] parts = [.. Enumerable.Repeat<byte[]>([tag, length], 1_000_000).SelectMany(b => b)];
        byte[] nested = [0x32, .. Length(parts.Length), .. parts];
        // Who first asks for it makes the description of all kinds.
        Assert.NotNull(Message.Descriptor);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ProtocolException>(() => Protobuf.Parse(Message.Parser, nested));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Large_messages_of_honest_clients_are_parsed()
    {
        var text = new Message { ExtendedTextMessage = new() { Text = new string('x', 65_536), ContextInfo = new() { QuotedMessage = new() { Conversation = "old" } } } };
        Assert.Equal(text, Protobuf.Parse(Message.Parser, text.ToByteArray()));
        var cards = new Message { ContactsArrayMessage = new() };
        cards.ContactsArrayMessage.Contacts.AddRange(Enumerable.Range(0, 5000).Select(i => new Message.Types.ContactMessage { DisplayName = $"{i}", Vcard = "BEGIN:VCARD" }));
        Assert.Equal(cards, Protobuf.Parse(Message.Parser, cards.ToByteArray()));
        var snapshot = new SyncdSnapshot { Version = new() { Version = 1 } };
        var record = new SyncdRecord { Index = new() { Blob = ByteString.CopyFrom(new byte[32]) }, Value = new() { Blob = ByteString.CopyFrom(new byte[80]) }, KeyId = new() { Id = ByteString.CopyFrom(new byte[6]) } };
        snapshot.Records.AddRange(Enumerable.Repeat(record, 20_000));
        Assert.Equal(snapshot, Protobuf.Parse(SyncdSnapshot.Parser, snapshot.ToByteArray()));
    }

    [Fact]
    public void The_fields_of_a_message_are_gone_over_as_they_lie_there()
    {
        byte[] bytes = [0x08, 0x96, 0x01, 0x12, 2, 7, 8, 0x1D, 1, 2, 3, 4, 0x21, 1, 2, 3, 4, 5, 6, 7, 8];
        Assert.Equal([new(1, 0, 3, 3, false), new(2, 3, 5, 7, true), new(3, 7, 8, 12, false), new(4, 12, 13, 21, false)], FieldsOf(bytes));
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            if (cut is not (3 or 7 or 12)) Assert.Throws<ProtocolException>(() => FieldsOf(bytes[..cut]));
        }

        Assert.Throws<ProtocolException>(() => FieldsOf([0x0B]));
    }

    private static List<ProtobufField> FieldsOf(byte[] bytes)
    {
        var fields = new List<ProtobufField>();
        for (var at = 0; ProtobufFields.At(bytes, at) is { } field; at = field.End) fields.Add(field);
        return fields;
    }

    private static byte[] Length(int value)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true)) output.WriteLength(value);
        return bytes.ToArray();
    }
}
