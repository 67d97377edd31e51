using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Messages;
using Footbridge.Protocol.Xml;
using Google.Protobuf;

namespace Footbridge.UnitTests.Protocol.Messages;

public sealed class MessageTokenTests
{
    [Fact]
    public void Reporting_tokens_are_those_another_client_makes()
    {
        var vectors = Vectors.Load("interop-vectors.json").GetProperty("reportingToken").EnumerateArray().ToList();
        Assert.NotEmpty(vectors);
        foreach (var v in vectors)
        {
            var (author, chat) = (Jid.Parse(v.GetProperty("author").GetString()!), Jid.Parse(v.GetProperty("chat").GetString()!));
            Assert.Equal(v.Hex("token"), ReportingToken.Of(v.Hex("message"), v.Hex("secret"), v.GetProperty("id").GetString()!, author, chat));
        }
    }

    [Fact]
    public void What_is_inside_a_container_is_filtered_as_if_it_stood_outside()
    {
        var inner = new Message { ExtendedTextMessage = new() { Text = "hi", Title = "not covered" } };
        var covered = new Message { ViewOnceMessageV2 = new() { Message = new() { ExtendedTextMessage = new() { Text = "hi" } } } };
        Assert.Equal(covered.ToByteArray(), ReportingToken.Filter(new Message { ViewOnceMessageV2 = new() { Message = inner } }.ToByteArray()));
    }

    [Fact]
    public void A_message_with_nothing_to_cover_has_no_token() =>
        Assert.Null(ReportingToken.Of(new Message { ReactionMessage = new() { Text = "x" } }.ToByteArray(), new byte[32], "A", Jid.Parse("1@lid"), Jid.Parse("2@lid")));

    [Theory]
    [InlineData("0A05")]
    [InlineData("32FFFFFFFF0F")]
    [InlineData("FFFFFFFFFFFFFFFFFFFF")]
    public void Bytes_that_are_no_message_are_refused_with_the_protocols_exception(string hex) =>
        Assert.Throws<ProtocolException>(() => ReportingToken.Filter(Convert.FromHexString(hex)));

    [Fact]
    public void The_token_for_new_chats_is_the_one_another_client_makes()
    {
        var v = Vectors.WhatsApp("csToken");
        Assert.Equal(v.Hex("token"), NewChatToken.Of(v.Hex("salt"), Jid.Parse(v.GetProperty("recipientLid").GetString()!)));
    }
}
