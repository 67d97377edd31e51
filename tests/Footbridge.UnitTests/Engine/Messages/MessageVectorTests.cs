using Footbridge.Engine.Messages;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Google.Protobuf;

namespace Footbridge.UnitTests.Engine.Messages;

/// <summary>Messages that another client encoded.</summary>
public sealed class MessageVectorTests
{
    [Fact]
    public void A_text_with_a_quote_reads_as_it_was_meant_and_writes_the_same_bytes()
    {
        var bytes = Golden("extendedText+context");
        var text = Protobuf.Parse(Message.Parser, bytes).ExtendedTextMessage;
        Assert.Equal("hi @1", text.Text);
        Assert.Equal("https://example.org", text.MatchedText);
        Assert.Equal(("Q1", "1@s.whatsapp.net", "q"), (text.ContextInfo.StanzaId, text.ContextInfo.Participant, text.ContextInfo.QuotedMessage.Conversation));
        Assert.Equal(bytes, Protobuf.Parse(Message.Parser, bytes).ToByteArray());
    }

    [Fact]
    public void An_edit_reads_as_it_was_meant_and_writes_the_same_bytes()
    {
        var bytes = Golden("edit");
        var edit = Protobuf.Parse(Message.Parser, bytes).ProtocolMessage;
        Assert.Equal(Message.Types.ProtocolMessage.Types.Type.MessageEdit, edit.Type);
        Assert.Equal(("A", "new"), (edit.Key.Id, edit.EditedMessage.Conversation));
        Assert.False(MessageContent.IsOnlyForDevices(Protobuf.Parse(Message.Parser, bytes)));
        Assert.Equal(bytes, Protobuf.Parse(Message.Parser, bytes).ToByteArray());
    }

    [Fact]
    public void Padding_that_another_client_put_on_comes_off_and_so_does_ours()
    {
        foreach (var vector in Vectors.Load("interop-vectors.json").GetProperty("padding").EnumerateArray())
        {
            Assert.Equal(vector.Hex("plain"), MessagePadding.Remove(vector.Hex("padded")));
            Assert.Equal(vector.Hex("plain"), MessagePadding.Remove(MessagePadding.Add(vector.Hex("plain"))));
        }
    }

    private static byte[] Golden(string name) =>
        Vectors.WhatsApp("messages").EnumerateArray().Single(v => v.GetProperty("name").GetString() == name).Hex("hex");
}
