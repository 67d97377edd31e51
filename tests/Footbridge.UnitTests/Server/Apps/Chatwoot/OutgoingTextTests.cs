using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.ToWhatsApp;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot;

/// <summary>What is found in an agent's message: emoji, mentions, the edit command, files.</summary>
public sealed class OutgoingTextTests
{
    [Theory]
    [InlineData("👍", true)]
    [InlineData(" 👍🏽\n", true)]
    [InlineData("❤️", true)]
    [InlineData("❤", true)]
    [InlineData("👨‍👩‍👧‍👦", true)]
    [InlineData("🇧🇷", true)]
    [InlineData("1️⃣", true)]
    [InlineData("✅", true)]
    [InlineData("👍👍", false)]
    [InlineData("👍 ok", false)]
    [InlineData("1", false)]
    [InlineData("k", false)]
    [InlineData("好", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void One_emoji_is_told_from_text(string? text, bool isOne) => Assert.Equal(isOne ? text!.Trim() : null, Emoji.Single(text));

    [Theory]
    [InlineData("hi @all", "hi ", "", true)]
    [InlineData("@ALL please", "please", "", true)]
    [InlineData("@all", " ", "", true)]
    [InlineData("mail me@all.example or @allan", "mail me@all.example or @allan", "", false)]
    [InlineData("@5511900000001 hi", "@5511900000001 hi", "5511900000001@s.whatsapp.net", false)]
    [InlineData("@123456@lid and @5511900000001", "@123456 and @5511900000001", "123456@lid,5511900000001@s.whatsapp.net", false)]
    [InlineData("@12345 short, @5511900000001 @5511900000001", "@12345 short, @5511900000001 @5511900000001", "5511900000001@s.whatsapp.net", false)]
    public void Mentions_are_found(string text, string shown, string people, bool all)
    {
        var found = Mentions.Read(text);
        Assert.Equal((shown, people, all), (found.Text, string.Join(',', found.People), found.All));
    }

    [Theory]
    [InlineData("/edit new", "new")]
    [InlineData(" /EDIT\nnew\ntext ", "new\ntext")]
    [InlineData("wa/edit new", "new")]
    [InlineData("/edit", "")]
    [InlineData("/editor", null)]
    [InlineData("please /edit", null)]
    public void The_edit_command_is_known(string content, string? text) => Assert.Equal(text, EditCommand.TextIn(content));

    [Theory]
    [InlineData("""{"file_type":"image","content_type":"image/png","data_url":"https://cw.example/rails/active_storage/blobs/redirect/x/a.png"}""", SendKind.Image, "a.png", "image/png", "http://chatwoot:3000/rails/active_storage/blobs/redirect/x/a.png")]
    [InlineData("""{"file_type":"audio","extension":null,"data_url":"https://cw.example/rails/active_storage/blobs/redirect/x/v.ogg?disposition=inline"}""", SendKind.Voice, "v.ogg", "audio/ogg", "http://chatwoot:3000/rails/active_storage/blobs/redirect/x/v.ogg?disposition=inline")]
    [InlineData("""{"file_type":"image","content_type":"image/webp","data_url":"https://s3.example/b/c.webp?X-Amz-Signature=1"}""", SendKind.Document, "c.webp", "image/webp", "https://s3.example/b/c.webp?X-Amz-Signature=1")]
    [InlineData("""{"file_type":"image","content_type":"image/gif","data_url":"https://s3.example/c.gif"}""", SendKind.Video, "c.gif", "image/gif", "https://s3.example/c.gif")]
    [InlineData("""{"file_type":"file","extension":"pdf","data_url":"https://s3.example/a%20b"}""", SendKind.Document, "a b", "application/pdf", "https://s3.example/a%20b")]
    public void A_file_is_known_by_what_chatwoot_says_of_it(string shape, object kind, string name, string mimetype, string url)
    {
        var (found, file) = Assert.Single(Attachments.Of(new() { ["attachments"] = new JsonArray(JsonNode.Parse(shape)) }, "http://chatwoot:3000"));
        Assert.Equal((kind, name, mimetype, url), ((object)found, file.Name, file.Mimetype!, file.Url));
    }

    [Theory]
    [InlineData("""{"file_type":"location","data_url":"https://maps.example/x"}""")]
    [InlineData("""{"file_type":"image","data_url":"file:///etc/passwd"}""")]
    [InlineData("""{"file_type":"image"}""")]
    public void What_is_no_file_is_left_out(string shape) =>
        Assert.Empty(Attachments.Of(new() { ["attachments"] = new JsonArray(JsonNode.Parse(shape)) }, "http://chatwoot:3000"));
}
