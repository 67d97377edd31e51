using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Google.Protobuf;

namespace Footbridge.UnitTests.Engine.Messages;

public sealed class MessageContentTests
{
    private static readonly Jid Chat = Jid.Parse("5511900000001@s.whatsapp.net");

    [Fact]
    public void Every_container_of_the_schema_is_opened_but_the_one_for_own_devices()
    {
        var containers = Message.Descriptor.Fields.InFieldNumberOrder()
            .Where(f => !f.IsRepeated && f.FieldType == Google.Protobuf.Reflection.FieldType.Message && f.MessageType.FindFieldByName("message")?.FieldType == Google.Protobuf.Reflection.FieldType.Message).ToList();
        Assert.True(containers.Count > 12);
        foreach (var container in containers)
        {
            var wrapper = container.MessageType.Parser.ParseFrom(ByteString.Empty);
            container.MessageType.FindFieldByName("message").Accessor.SetValue(wrapper, new Message { Conversation = "in" });
            var message = new Message();
            container.Accessor.SetValue(message, wrapper);
            var opened = MessageContent.Unwrap(message, out var flags);
            if (container.Name == "deviceSentMessage") Assert.Same(message, opened);
            else Assert.Equal(("in", true), (opened.Conversation, flags != MessageFlags.None));
        }
    }

    [Fact]
    public void The_secret_outside_a_container_goes_with_the_content_and_the_message_stays_as_it_was()
    {
        var message = new Message { EphemeralMessage = new() { Message = new() { Conversation = "in" } }, MessageContextInfo = new() { MessageSecret = ByteString.CopyFrom(1, 2, 3) } };
        var before = message.ToByteArray();
        Assert.Equal(3, MessageContent.Unwrap(message).MessageContextInfo.MessageSecret.Length);
        Assert.Equal(before, message.ToByteArray());
    }

    [Fact]
    public void Containers_without_end_are_left_at_the_eighth()
    {
        var message = new Message { Conversation = "core" };
        for (var i = 0; i < 12; i++) message = new() { EphemeralMessage = new() { Message = message } };
        Assert.NotNull(MessageContent.Unwrap(message).EphemeralMessage);
    }

    [Fact]
    public void A_quote_carries_neither_the_quotes_quote_nor_its_secret()
    {
        var quoted = new Message { ExtendedTextMessage = new() { Text = "q", ContextInfo = new() { StanzaId = "older" } }, MessageContextInfo = new() { MessageSecret = ByteString.CopyFrom(1) } };
        var info = TextContents.Text("a", new() { Quote = new("Q1", Chat.WithDevice(3), quoted, null) }).ExtendedTextMessage.ContextInfo;
        Assert.Equal(("Q1", Chat.ToString(), "q"), (info.StanzaId, info.Participant, info.QuotedMessage.ExtendedTextMessage.Text));
        Assert.Null(info.QuotedMessage.ExtendedTextMessage.ContextInfo);
        Assert.Null(info.QuotedMessage.MessageContextInfo);
        Assert.Equal("older", quoted.ExtendedTextMessage.ContextInfo.StanzaId);
    }

    [Fact]
    public void A_forwarded_message_loses_its_quote_and_counts_how_often_it_was_forwarded()
    {
        var original = new Message { Conversation = "news" };
        var once = ForwardContents.Forward(original, isOwn: false);
        Assert.Equal(("news", true, 1u), (once.ExtendedTextMessage.Text, once.ExtendedTextMessage.ContextInfo.IsForwarded, once.ExtendedTextMessage.ContextInfo.ForwardingScore));
        Assert.Equal(2u, ForwardContents.Forward(once, isOwn: true).ExtendedTextMessage.ContextInfo.ForwardingScore);
        Assert.Equal("news", ForwardContents.Forward(original, isOwn: true).Conversation);
    }

    [Fact]
    public void What_is_seen_once_is_wrapped_by_its_kind_and_marked()
    {
        Assert.True(ForwardContents.ViewOnce(new() { ImageMessage = new() }).ViewOnceMessageV2.Message.ImageMessage.ViewOnce);
        Assert.True(ForwardContents.ViewOnce(new() { AudioMessage = new() }).ViewOnceMessageV2Extension.Message.AudioMessage.ViewOnce);
        Assert.Throws<ArgumentException>(() => ForwardContents.ViewOnce(new() { LocationMessage = new() }));
    }

    [Fact]
    public void A_caption_is_edited_in_the_picture_it_belongs_to()
    {
        var original = new Message { ImageMessage = new() { Caption = "old", DirectPath = "/x" } };
        var edited = ChangeContents.Edit(Chat, new("A", true, null), "new", original, DateTimeOffset.UnixEpoch).EditedMessage.Message.ProtocolMessage.EditedMessage;
        Assert.Equal(("new", "/x"), (edited.ImageMessage.Caption, edited.ImageMessage.DirectPath));
        Assert.Equal("old", original.ImageMessage.Caption);
    }

    [Fact]
    public void A_card_made_from_parts_is_a_vcard_that_no_name_can_break()
    {
        var card = ContactCard.Of("Ana; Example\nX", "Shop, Inc", "+55 11 90000-0001", "5511900000001");
        Assert.Equal(
            "BEGIN:VCARD\nVERSION:3.0\nFN:Ana\\; Example\\nX\nORG:Shop\\, Inc;\nTEL;type=CELL;type=VOICE;waid=5511900000001:+55 11 90000-0001\nEND:VCARD", card.Vcard);
        Assert.Equal("Ben", ContactCard.NameIn("BEGIN:VCARD\r\nFN:Ben\r\nEND:VCARD"));
    }

    [Theory]
    [InlineData(91, 0)]
    [InlineData(0, 181)]
    [InlineData(double.NaN, 0)]
    public void A_place_that_is_not_on_earth_is_refused(double latitude, double longitude) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PlaceContents.Location(latitude, longitude, null));

    [Fact]
    public void A_poll_has_a_few_different_options()
    {
        Assert.Throws<ArgumentException>(() => PollContents.Poll("x", ["one"], false));
        Assert.Throws<ArgumentException>(() => PollContents.Poll("x", ["one", "one"], false));
        Assert.Equal(1u, PollContents.Poll("x", ["a", "b"], false).PollCreationMessageV3.SelectableOptionsCount);
        Assert.Equal(2u, PollContents.Poll("x", ["a", "b"], true).PollCreationMessage.SelectableOptionsCount);
    }
}
