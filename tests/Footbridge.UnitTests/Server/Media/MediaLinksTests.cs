using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Config;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions;
using Google.Protobuf;

namespace Footbridge.UnitTests.Server.Media;

public sealed class MediaLinksTests
{
    private static readonly Jid Ana = Jid.Parse("5511900000001@s.whatsapp.net");

    [Fact]
    public void An_event_names_the_address_of_its_file_before_the_file_is_here()
    {
        var payload = PayloadOf(new(), Image("3EB0AB"));
        var url = payload["media"]!["url"]!.ToString();
        Assert.Matches("^http://localhost:3000/api/files/shop/3EB0AB_[0-9a-f]{10}\\.jpeg$", url);
        Assert.Equal(url, payload["mediaUrl"]!.ToString());
        Assert.Equal(("image/jpeg", true, "look"), (payload["media"]!["mimetype"]!.ToString(), payload["hasMedia"]!.GetValue<bool>(), payload["body"]!.ToString()));
        Assert.Null(payload["media"]!["error"]);
    }

    [Fact]
    public void The_address_begins_with_what_the_operator_says()
    {
        Assert.StartsWith("https://wa.example:8080/api/files/", Url(new() { PublicScheme = "https", PublicHost = "wa.example", Port = 8080 }), StringComparison.Ordinal);
        Assert.StartsWith("https://wa.example/base/api/files/", Url(new() { PublicUrl = "https://wa.example/base", PublicHost = "other" }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, new string[0])]
    [InlineData(true, new[] { "audio", "image/png" })]
    public void What_is_not_fetched_is_told_without_an_address(bool downloads, string[] mimetypes)
    {
        var payload = PayloadOf(new() { Media = { Downloads = downloads, Mimetypes = mimetypes } }, Image("3EB0AB"));
        Assert.Equal((true, true, "image/jpeg"), (payload["hasMedia"]!.GetValue<bool>(), payload["media"]!["url"] is null, payload["media"]!["mimetype"]!.ToString()));
    }

    [Fact]
    public void A_filter_lets_through_what_begins_as_it_says() => Assert.NotNull(Url(new() { Media = { Mimetypes = ["audio", "image"] } }));

    [Fact]
    public void A_text_has_no_file() => Assert.False(PayloadOf(new(), Received("3EB0AB", new() { Conversation = "hi" }))["hasMedia"]!.GetValue<bool>());

    [Fact]
    public void Ids_that_senders_choose_neither_collide_nor_leave_the_folder()
    {
        var one = MediaFile.Of("shop", Image("3EB0AB"))!.Name;
        var other = MediaFile.Of("shop", Image("3EB0AB") with { Id = "message:3EB0AB|5511900000002" })!.Name;
        Assert.NotEqual(one, other);
        Assert.Equal(one, MediaFile.Of("shop", Image("3EB0AB"))!.Name);
        Assert.Matches("^file_[0-9a-f]{10}\\.jpeg$", MediaFile.Of("shop", Image("../../x"))!.Name);
        Assert.Matches("^file_[0-9a-f]{10}\\.jpeg$", MediaFile.Of("shop", Image(new string('A', 500)))!.Name);
    }

    private static string? Url(Settings settings) => PayloadOf(settings, Image("3EB0AB"))["media"]!["url"]?.ToString();

    private static JsonObject PayloadOf(Settings settings, MessageReceived message)
    {
        var entry = Assert.Single(new SessionEvents("shop", new MediaLinks(settings), () => null).For(message));
        return PublicEvent.Read(entry.Event).Payload;
    }

    private static MessageReceived Image(string id) => Received(id, new()
    {
        ImageMessage = new() { DirectPath = "/v/x", MediaKey = ByteString.CopyFrom(new byte[32]), Mimetype = "image/jpeg", Caption = "look" },
    });

    private static MessageReceived Received(string id, Message content) =>
        new($"message:{id}|{Ana.User}", DateTimeOffset.FromUnixTimeSeconds(1_795_354_462), id, new(Ana, Ana, null), new(Ana, Ana, null), false, "Ana", content, false);
}
