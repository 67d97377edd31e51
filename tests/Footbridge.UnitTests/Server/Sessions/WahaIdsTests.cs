using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.UnitTests.Server.Sessions;

public sealed class WahaIdsTests
{
    [Theory]
    [InlineData("5511999999999", "5511999999999@s.whatsapp.net")]
    [InlineData("5511999999999@c.us", "5511999999999@s.whatsapp.net")]
    [InlineData("123:4@lid", "123@lid")]
    [InlineData("120363@g.us", "120363@g.us")]
    [InlineData("s.whatsapp.net", null)]
    [InlineData("+55 11", null)]
    [InlineData("", null)]
    public void A_chat_id_is_read_in_every_form_callers_use(string text, string? address) =>
        Assert.Equal(address, WahaIds.ParseChatId(text)?.ToString());

    [Fact]
    public void Digits_without_end_are_no_chat_id() => Assert.Null(WahaIds.ParseChatId(new string('1', Jid.MaxLength)));
}
