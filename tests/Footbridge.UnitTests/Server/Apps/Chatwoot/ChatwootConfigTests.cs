using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Sessions;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot;

public sealed class ChatwootConfigTests
{
    private const string Least = """{"url":"https://chat.example/","accountId":1,"accountToken":"t0ken","inboxId":"3","inboxIdentifier":"abc"}""";

    [Fact]
    public void The_least_configuration_has_wahas_defaults()
    {
        var config = ChatwootConfig.Read(Parse(Least));
        Assert.Equal(("https://chat.example", 1L, 3L, "created_newest", false), (config.Url, config.AccountId, config.InboxId, config.Sort, config.ShowsOwnAsMessages));
        Assert.Null(config.Statuses);
        Assert.DoesNotContain("t0ken", config.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("url", "\"chat.example\"", "url must be an http or https address")]
    [InlineData("url", "\"file:///etc/passwd\"", "url must be an http or https address")]
    [InlineData("url", "null", "url should not be empty")]
    [InlineData("accountId", "\"x\"", "accountId must be a number")]
    [InlineData("accountToken", "\"\"", "accountToken should not be empty")]
    [InlineData("inboxIdentifier", "null", "inboxIdentifier should not be empty")]
    [InlineData("linkPreview", "\"BIG\"", "linkPreview must be one of the following values: OFF, LG, HG")]
    [InlineData("conversations", "{\"sort\":\"oldest\"}", "conversations.sort must be one of the following values: created_newest, activity_newest, created_oldest, activity_oldest")]
    [InlineData("conversations", "{\"status\":\"open\"}", "conversations.status must be an array")]
    [InlineData("conversations", "{\"status\":[\"closed\"]}", "each value in conversations.status must be one of the following values: open, pending, snoozed, resolved")]
    [InlineData("conversations", "{\"markAsRead\":1}", "markAsRead must be a boolean value")]
    [InlineData("conversations", "{\"outgoing\":\"loud\"}", "conversations.outgoing must be one of the following values: private-note, message")]
    [InlineData("commands", "{\"queue\":\"x\"}", "queue must be a boolean value")]
    [InlineData("templates", "{\"a\":{}}", "templates accepts string values only")]
    public void A_wrong_field_is_named(string field, string value, string expected)
    {
        var config = Parse(Least);
        config[field] = JsonNode.Parse(value);
        Assert.Equal(expected, Assert.Throws<InvalidRequestException>(() => ChatwootConfig.Read(config)).Messages[0]);
    }

    [Fact]
    public void Language_and_texts_of_the_app_are_read_and_english_is_the_default()
    {
        var config = Parse(Least);
        Assert.Equal("en-US", ChatwootConfig.Read(config).Locale);
        Assert.Empty(ChatwootConfig.Read(config).Templates);
        (config["locale"], config["templates"]) = ("pt-BR", new JsonObject { ["message.from.api"] = "{{{text}}}" });
        Assert.Equal(("pt-BR", "{{{text}}}"), (ChatwootConfig.Read(config).Locale, ChatwootConfig.Read(config).Templates["message.from.api"]));
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
