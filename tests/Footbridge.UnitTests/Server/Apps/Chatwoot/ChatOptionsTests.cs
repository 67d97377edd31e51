using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot;

public sealed class ChatOptionsTests
{
    [Theory]
    [InlineData("5511900000001@s.whatsapp.net", true)]
    [InlineData("77@lid", true)]
    [InlineData("120363000000000001@g.us", true)]
    [InlineData("120363000000000002@newsletter", true)]
    [InlineData("1700000000@broadcast", true)]
    [InlineData("status@broadcast", true)]
    [InlineData("1@bot", false)]
    public void Every_kind_of_chat_that_is_known_is_carried(string chat, bool isCarried) => Assert.Equal(isCarried, ChatOptions.Default.Carries(Jid.Parse(chat)));

    [Theory]
    [InlineData("groups", "120363000000000001@g.us")]
    [InlineData("channels", "120363000000000002@newsletter")]
    [InlineData("broadcast", "1700000000@broadcast")]
    [InlineData("status", "status@broadcast")]
    public void Each_kind_can_be_switched_off_and_people_cannot(string kind, string chat)
    {
        var options = ChatOptions.Read(new() { ["chats"] = new JsonObject { [kind] = false } });
        Assert.False(options.Carries(Jid.Parse(chat)));
        Assert.True(options.Carries(Jid.Parse("77@lid")));
        Assert.Equal(3, new[] { options.Groups, options.Channels, options.Broadcast, options.Status }.Count(on => on));
    }
}
