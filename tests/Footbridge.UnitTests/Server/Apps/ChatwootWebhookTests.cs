using System.Text;
using Footbridge.Server.Apps.Chatwoot;

namespace Footbridge.UnitTests.Server.Apps;

public sealed class ChatwootWebhookTests
{
    [Fact]
    public void A_body_that_is_an_object_is_taken() =>
        Assert.Equal("Olá ✓", ChatwootWebhook.Parse("""{"content":"Ol\u00e1 ✓","conversation":{"id":7}}"""u8)!["content"]!.GetValue<string>());

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"a\":1")]
    [InlineData("{\"id\":1,\"id\":2}")]
    [InlineData("{\"conversation\":{\"id\":1,\"id\":2}}")]
    [InlineData("{\"content\":\"\\ud800\"}")]
    [InlineData("{\"conversation\":{\"meta\":[\"\\udc00 x\"]}}")]
    [InlineData("{\"\\ud800\":1}")]
    public void A_body_that_cannot_be_read_to_its_end_is_refused(string body) => Assert.Null(ChatwootWebhook.Parse(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Text_that_is_no_UTF8_is_refused() => Assert.Null(ChatwootWebhook.Parse([.. "{\"content\":\""u8, 0xC3, 0xE7, .. "\"}"u8]));

    [Fact]
    public void Objects_nested_deeper_than_32_are_refused()
    {
        Assert.NotNull(ChatwootWebhook.Parse(Nested(32)));
        Assert.Null(ChatwootWebhook.Parse(Nested(33)));
    }

    private static byte[] Nested(int depth) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth));
}
