using Footbridge.Server.Sessions;

namespace Footbridge.UnitTests.Server.Sessions;

public sealed class MessageRefTests
{
    [Theory]
    [InlineData("true_5511900000001@c.us_3EB0AA", true, "5511900000001@s.whatsapp.net", "3EB0AA", null)]
    [InlineData("false_5511900000001%40c.us_3EB0AA", false, "5511900000001@s.whatsapp.net", "3EB0AA", null)]
    [InlineData("false_5511900000001%2540c.us_3EB0AA", false, "5511900000001@s.whatsapp.net", "3EB0AA", null)]
    [InlineData("false_120363000000000001@g.us_3EB0AA_123@lid", false, "120363000000000001@g.us", "3EB0AA", "123@lid")]
    [InlineData("false_120363000000000001@g.us_3EB0AA_undefined", false, "120363000000000001@g.us", "3EB0AA", null)]
    [InlineData("3EB0AA", null, null, "3EB0AA", null)]
    public void A_message_id_is_read_in_every_form_callers_use(string text, bool? isFromMe, string? chat, string id, string? participant)
    {
        Assert.True(MessageRef.TryParse(text, out var reference));
        Assert.Equal((isFromMe, chat, id, participant), (reference.IsFromMe, reference.Chat?.ToString(), reference.Id, reference.Participant?.ToString()));
        Assert.Equal(id, WahaIds.RawId(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("maybe_5511900000001@c.us_3EB0AA")]
    [InlineData("true_5511900000001@c.us")]
    [InlineData("true_5511900000001@c.us_")]
    [InlineData("true_s.whatsapp.net_3EB0AA")]
    [InlineData("true_5511900000001@c.us_3EB0AA_1@lid_more")]
    [InlineData("3EB0 AA")]
    public void What_is_no_message_id_is_refused_with_the_form_it_should_have(string text)
    {
        Assert.False(MessageRef.TryParse(text, out _));
        Assert.Equal(MessageRef.Format, Assert.Throws<InvalidRequestException>(() => MessageRef.Parse(text)).Message);
    }

    [Fact]
    public void A_full_id_ends_with_the_author_where_there_is_one()
    {
        Assert.Equal("false_120363@g.us_AA_123@lid", WahaIds.MessageId(false, "120363@g.us", "AA", "123@lid"));
        Assert.Equal("true_1@c.us_AA", WahaIds.MessageId(true, "1@c.us", "AA"));
    }
}
