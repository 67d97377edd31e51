using System.Text.Json.Nodes;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Media;
using Footbridge.Simulator.WhatsApp.Media;
using Footbridge.Simulator.WhatsApp.Phone;
using Microsoft.AspNetCore.Http;

namespace Footbridge.SystemTests.Api;

/// <summary>Previews of links: looked up or given, with a small picture in the message and a large one on the media hosts.</summary>
public sealed class LinkPreviewTests : IAsyncLifetime
{
    private const string Chat = "5511900000001@c.us";
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3, 0xFF, 0xD9];
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(60));
    private World _world = null!;
    private FileServer _web = null!;
    private FakePhone _ana = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        _web = await FileServer.StartAsync(Ct);
        _world = await World.StartAsync(Ct, configure: settings => settings.LinkPreviewsMayBePrivate = true);
        _ana = _world.WhatsApp.AddAccount("5511900000001", "Ana Example");
        await _world.LinkAsync("shop", _world.WhatsApp.AddAccount("5511900000099", "Shop"), Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _web.DisposeAsync();
        _timeout.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_link_is_shown_with_its_pages_picture_small_and_on_demand_large(bool isLarge)
    {
        Serve("/page", "text/html", "<meta property='og:title' content='Shop &amp; co'><meta property='og:description' content='All fresh'><meta property='og:image' content='/logo.jpg'>");
        Serve("/logo.jpg", "image/jpeg", Jpeg);
        var link = await SendAsync(new() { ["text"] = $"see {At("/page")} now", ["linkPreviewHighQuality"] = isLarge });
        Assert.Equal((At("/page"), "Shop & co", "All fresh"), (link.MatchedText, link.Title, link.Description));
        Assert.Equal(Jpeg, link.JpegThumbnail.ToByteArray());
        Assert.Equal(isLarge, link.HasThumbnailDirectPath);
        if (isLarge) Assert.Equal(Jpeg, await OpenAsync(link));
    }

    [Fact]
    public async Task A_large_picture_of_another_format_becomes_a_jpeg_of_known_size()
    {
        FfmpegTool.Require();
        var png = await FfmpegTool.MakeAsync("testsrc=size=1600x800:duration=1:rate=1", "png", Ct, "-frames:v", "1");
        Serve("/page", "text/html", "<title>Shop</title><meta name='twitter:image' content='logo.png'>");
        Serve("/logo.png", "image/png", png);
        var link = await SendAsync(new() { ["text"] = At("/page"), ["linkPreviewHighQuality"] = true });
        Assert.Equal((1200u, 600u), (link.ThumbnailWidth, link.ThumbnailHeight));
        Assert.InRange(link.JpegThumbnail.Length, 100, 64 * 1024);
        Assert.Equal([0xFF, 0xD8, 0xFF], (await OpenAsync(link))[..3]);
        Assert.Empty(Directory.GetFiles(Path.Combine(_world.Settings().FilesFolder, ".scratch")));
    }

    [Theory]
    [InlineData("/missing.jpg")]
    [InlineData("http://169.254.169.254/logo.jpg")]
    [InlineData("file:///etc/hostname")]
    [InlineData("/text.jpg")]
    public async Task A_picture_that_cannot_be_had_leaves_the_preview_without_one(string image)
    {
        Serve("/text.jpg", "text/html", "no picture");
        Serve("/page", "text/html", $"<title>Shop</title><meta property='og:image' content='{image}'>");
        var link = await SendAsync(new() { ["text"] = At("/page"), ["linkPreviewHighQuality"] = true });
        Assert.Equal(("Shop", 0, false), (link.Title, link.JpegThumbnail.Length, link.HasThumbnailDirectPath));
    }

    [Fact]
    public async Task An_upload_that_fails_leaves_the_small_picture_and_the_send_as_they_are()
    {
        Serve("/page", "text/html", "<title>Shop</title><meta property='og:image' content='/logo.jpg'>");
        Serve("/logo.jpg", "image/jpeg", Jpeg);
        _world.WhatsApp.Media.Fault = _ => new MediaFault.Status(400);
        var link = await SendAsync(new() { ["text"] = At("/page"), ["linkPreviewHighQuality"] = true });
        Assert.Equal((Jpeg.Length, false), (link.JpegThumbnail.Length, link.HasThumbnailDirectPath));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(false, false)]
    public async Task A_preview_of_the_callers_own_takes_its_picture_by_address_and_is_large_unless_told_otherwise(bool? flag, bool isLarge)
    {
        Serve("/own.jpg", "image/jpeg", Jpeg);
        var body = new JsonObject { ["text"] = "see https://example.org/y", ["preview"] = Preview(new() { ["url"] = At("/own.jpg") }) };
        if (flag is { } given) body["linkPreviewHighQuality"] = given;
        var link = await SendAsync(body, "send/link-custom-preview");
        Assert.Equal(("T", "D", Jpeg.Length, isLarge), (link.Title, link.Description, link.JpegThumbnail.Length, link.HasThumbnailDirectPath));
        if (isLarge) Assert.Equal(Jpeg, await OpenAsync(link));
    }

    [Theory]
    [InlineData("""{"url":"http://169.254.169.254/x.jpg"}""", 422, "must not be called")]
    [InlineData("""{"data":"%%%"}""", 400, "base64")]
    [InlineData("""{"mimetype":"image/png"}""", 422, "Either")]
    public async Task A_picture_of_the_callers_own_that_cannot_be_had_is_refused(string image, int status, string why)
    {
        var body = new JsonObject { ["session"] = "shop", ["chatId"] = Chat, ["text"] = "see https://example.org/y", ["preview"] = Preview(JsonNode.Parse(image)!.AsObject()) };
        var (_, answer) = await _world.Api.ExpectAsync(HttpMethod.Post, "/api/send/link-custom-preview", body, status, Ct);
        Assert.Contains(why, answer!["message"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edited_text_shows_what_its_new_link_leads_to()
    {
        Serve("/page", "text/html", "<title>Shop</title>");
        await SendAsync(new() { ["text"] = "first", ["id"] = "3EB0AABBCCDDEEFF0011" });
        await _world.Api.ExpectAsync(HttpMethod.Put, $"/api/shop/chats/{Chat}/messages/true_{Chat}_3EB0AABBCCDDEEFF0011", new JsonObject { ["text"] = At("/page") }, 200, Ct);
        var edited = (await _ana.Incoming.ReadAsync(Ct)).Content.EditedMessage.Message.ProtocolMessage.EditedMessage.ExtendedTextMessage;
        Assert.Equal((At("/page"), "Shop"), (edited.MatchedText, edited.Title));
    }

    [Fact]
    public async Task Buttons_carry_a_picture_above_them_by_address_or_as_data()
    {
        Serve("/own.jpg", "image/jpeg", Jpeg);
        foreach (var image in new[] { new JsonObject { ["url"] = At("/own.jpg"), ["mimetype"] = "image/jpeg" }, new JsonObject { ["data"] = Convert.ToBase64String(Jpeg), ["mimetype"] = "image/jpeg" } })
        {
            var body = new JsonObject
            {
                ["session"] = "shop",
                ["chatId"] = Chat,
                ["header"] = "H",
                ["headerImage"] = image,
                ["body"] = "B",
                ["footer"] = "F",
                ["buttons"] = new JsonArray(new JsonObject { ["type"] = "reply", ["text"] = "Yes" }),
            };
            await _world.Api.ExpectAsync(HttpMethod.Post, "/api/sendButtons", body, 201, Ct);
            var shown = await _ana.Incoming.ReadAsync(Ct);
            var header = shown.Content.InteractiveMessage.Header;
            Assert.Equal(("H", true), (header.Title, header.HasMediaAttachment));
            Assert.Equal(Jpeg, _ana.Media.Open(shown with { Content = new() { ImageMessage = header.ImageMessage } }));
        }
    }

    private static JsonObject Preview(JsonObject image) => new() { ["url"] = "https://example.org/y", ["title"] = "T", ["description"] = "D", ["image"] = image };

    private string At(string path) => new Uri(_web.Url, path).ToString();

    private void Serve(string path, string type, string body) => Serve(path, type, System.Text.Encoding.UTF8.GetBytes(body));

    private void Serve(string path, string type, byte[] body) => _web.Files[path] = context =>
    {
        context.Response.ContentType = type;
        return context.Response.Body.WriteAsync(body, Ct).AsTask();
    };

    private async Task<Message.Types.ExtendedTextMessage> SendAsync(JsonObject body, string operation = "sendText")
    {
        (body["session"], body["chatId"]) = ("shop", Chat);
        await _world.Api.ExpectAsync(HttpMethod.Post, "/api/" + operation, body, 201, Ct);
        return (await _ana.Incoming.ReadAsync(Ct)).Content.ExtendedTextMessage;
    }

    /// <summary>The large picture, from the media host and checked.</summary>
    private async Task<byte[]> OpenAsync(Message.Types.ExtendedTextMessage link)
    {
        using var keys = new MediaKeys(link.MediaKey.ToByteArray(), MediaKind.LinkThumbnail);
        using var plain = new MemoryStream();
        var expected = new MediaExpectation(link.ThumbnailSha256.ToByteArray(), link.ThumbnailEncSha256.ToByteArray(), null);
        await MediaDecryptor.DecryptAsync(new MemoryStream(_world.WhatsApp.Media.Find(link.ThumbnailDirectPath)!), plain, keys, expected, Ct);
        return plain.ToArray();
    }
}
