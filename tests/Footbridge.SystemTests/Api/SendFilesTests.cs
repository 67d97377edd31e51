using System.Net;
using System.Text.Json.Nodes;
using Footbridge.Simulator.WhatsApp.Media;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Api;

/// <summary>Files from API clients to phones.</summary>
public sealed class SendFilesTests : IAsyncLifetime
{
    private const string Customer = "5511900000001@c.us";
    private static readonly byte[] Pdf = [.. "%PDF-1.7 "u8, .. new byte[1000]];
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(90));
    private World _world = null!;
    private FakePhone _customer = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        _world = await World.StartAsync(Ct);
        _customer = _world.WhatsApp.AddAccount("5511900000001", "Ana Example");
        await _world.LinkAsync("shop", _world.WhatsApp.AddAccount("5511900000099", "Shop"), Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task A_file_in_base64_arrives_with_its_name_caption_and_type_found_out()
    {
        var sent = await SendAsync("sendFile", new() { ["data"] = "data:application/octet-stream;base64," + Convert.ToBase64String(Pdf), ["filename"] = "../offer.pdf" }, new() { ["caption"] = "our offer", ["reply_to"] = "false_5511900000001@c.us_3EB0ABC" });
        var shown = await _customer.Incoming.ReadAsync(Ct);
        var document = shown.Content.DocumentWithCaptionMessage.Message.DocumentMessage;
        Assert.Equal(("offer.pdf", "application/pdf", "our offer", "3EB0ABC"), (document.FileName, document.Mimetype, document.Caption, document.ContextInfo.StanzaId));
        Assert.Equal(Pdf, _customer.Media.Open(shown));
        Assert.Equal($"true_{Customer}_{shown.Id}", sent["id"]!.ToString());
        Assert.True(sent["hasMedia"]!.GetValue<bool>());
        Assert.Empty(Scratch());
    }

    [Fact]
    public async Task A_file_by_address_is_fetched_through_redirects_and_named_after_what_the_server_says()
    {
        await using var web = await FileServer.StartAsync(Ct);
        web.Redirect("/moved", "/real/offer.pdf");
        web.Files["/real/offer.pdf"] = context => context.Response.Body.WriteAsync(Pdf, Ct).AsTask();
        await SendAsync("sendFile", new() { ["url"] = new Uri(web.Url, "/moved").ToString() }, []);
        var shown = await _customer.Incoming.ReadAsync(Ct);
        Assert.Equal(Pdf, _customer.Media.Open(shown));
        Assert.Equal("application/pdf", shown.Content.DocumentMessage.Mimetype);
    }

    [Theory]
    [InlineData("""{"url":"http://169.254.169.254/latest/meta-data"}""", 422, "must not be called")]
    [InlineData("""{"url":"http://[::ffff:169.254.169.254]/"}""", 422, "must not be called")]
    [InlineData("""{"url":"file:///etc/passwd"}""", 422, "http or https")]
    [InlineData("""{"url":"no address"}""", 400, "URL")]
    [InlineData("""{"url":"http://127.0.0.1:1/x"}""", 422, "could not be fetched")]
    [InlineData("""{"data":"%%%"}""", 400, "base64")]
    [InlineData("""{"mimetype":"image/png"}""", 422, "Either")]
    [InlineData("null", 400, "file")]
    [InlineData("\"x\"", 400, "file")]
    public async Task A_file_that_cannot_be_had_is_refused_with_the_reason(string file, int status, string why)
    {
        var body = new JsonObject { ["session"] = "shop", ["chatId"] = Customer, ["file"] = JsonNode.Parse(file) };
        var (_, answer) = await _world.Api.ExpectAsync(HttpMethod.Post, "/api/sendFile", body, status, Ct);
        Assert.Contains(why, answer!["message"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(Scratch());
    }

    [Fact]
    public async Task A_redirect_to_an_address_that_must_not_be_called_is_not_followed()
    {
        await using var web = await FileServer.StartAsync(Ct);
        web.Redirect("/a", "http://169.254.169.254/secret");
        web.Redirect("/b", "/b");
        foreach (var (path, why) in new[] { ("/a", "must not be called"), ("/b", "redirects more than") })
        {
            var body = new JsonObject { ["session"] = "shop", ["chatId"] = Customer, ["file"] = new JsonObject { ["url"] = new Uri(web.Url, path).ToString() } };
            var (_, answer) = await _world.Api.ExpectAsync(HttpMethod.Post, "/api/sendFile", body, 422, Ct);
            Assert.Contains(why, answer!["message"]!.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_upload_that_whatsapp_does_not_take_is_told_and_leaves_nothing_behind()
    {
        _world.WhatsApp.Media.Fault = _ => new MediaFault.Status(400);
        var body = new JsonObject { ["session"] = "shop", ["chatId"] = Customer, ["file"] = new JsonObject { ["data"] = Convert.ToBase64String(Pdf) } };
        var (_, answer) = await _world.Api.ExpectAsync(HttpMethod.Post, "/api/sendFile", body, 422, Ct);
        Assert.Contains("400", answer!["message"]!.ToString(), StringComparison.Ordinal);
        Assert.Empty(Scratch());
    }

    [Fact]
    public async Task An_image_carries_its_size_and_a_small_thumbnail()
    {
        FfmpegTool.Require();
        var png = await FfmpegTool.MakeAsync("testsrc=size=640x480:duration=1:rate=1", "png", Ct, "-frames:v", "1");
        await SendAsync("sendImage", new() { ["data"] = Convert.ToBase64String(png) }, new() { ["caption"] = "look" });
        var shown = await _customer.Incoming.ReadAsync(Ct);
        var image = shown.Content.ImageMessage;
        Assert.Equal(("image/png", "look", 640u, 480u), (image.Mimetype, image.Caption, image.Width, image.Height));
        Assert.InRange(image.JpegThumbnail.Length, 100, 8 * 1024);
        Assert.Equal([0xFF, 0xD8], image.JpegThumbnail.ToByteArray()[..2]);
        Assert.Equal(png, _customer.Media.Open(shown));
    }

    [Fact]
    public async Task A_sound_file_becomes_a_voice_message_with_its_length_and_bars()
    {
        FfmpegTool.Require();
        var wav = await FfmpegTool.MakeAsync("sine=frequency=440:duration=3", "wav", Ct);
        await SendAsync("sendVoice", new() { ["data"] = Convert.ToBase64String(wav) }, new() { ["convert"] = true });
        var shown = await _customer.Incoming.ReadAsync(Ct);
        var audio = shown.Content.AudioMessage;
        Assert.Equal((true, "audio/ogg; codecs=opus", 3u, 64), (audio.Ptt, audio.Mimetype, audio.Seconds, audio.Waveform.Length));
        Assert.Contains((byte)100, audio.Waveform.ToByteArray());
        Assert.Equal("OggS"u8.ToArray(), _customer.Media.Open(shown)[..4]);
        Assert.Empty(Scratch());
    }

    [Fact]
    public async Task A_video_of_any_format_becomes_one_that_plays_on_phones()
    {
        FfmpegTool.Require();
        var mkv = await FfmpegTool.MakeAsync("testsrc=size=161x121:duration=2:rate=10", "mkv", Ct);
        await SendAsync("sendVideo", new() { ["data"] = Convert.ToBase64String(mkv) }, new() { ["convert"] = true, ["caption"] = "see" });
        var shown = await _customer.Incoming.ReadAsync(Ct);
        var video = shown.Content.VideoMessage;
        Assert.Equal(("video/mp4", "see", 2u, 160u, 120u, false), (video.Mimetype, video.Caption, video.Seconds, video.Width, video.Height, video.GifPlayback));
        Assert.NotEmpty(video.StreamingSidecar);
        var mp4 = _customer.Media.Open(shown);
        Assert.True(mp4.AsSpan().IndexOf("moov"u8) < mp4.AsSpan().IndexOf("mdat"u8));
    }

    [Fact]
    public async Task A_gif_becomes_a_video_that_plays_by_itself_and_a_note_is_round()
    {
        FfmpegTool.Require();
        var gif = await FfmpegTool.MakeAsync("testsrc=size=64x64:duration=1:rate=5", "gif", Ct);
        await SendAsync("sendVideo", new() { ["data"] = Convert.ToBase64String(gif) }, []);
        Assert.True((await _customer.Incoming.ReadAsync(Ct)).Content.VideoMessage is { GifPlayback: true, Mimetype: "video/mp4" });
        var mp4 = await FfmpegTool.MakeAsync("testsrc=size=64x64:duration=1:rate=5", "mp4", Ct);
        await SendAsync("sendVideo", new() { ["data"] = Convert.ToBase64String(mp4) }, new() { ["asNote"] = true });
        Assert.NotNull((await _customer.Incoming.ReadAsync(Ct)).Content.PtvMessage);
    }

    [Fact]
    public async Task Converted_files_are_given_as_bytes_or_as_json_as_the_caller_accepts()
    {
        FfmpegTool.Require();
        var wav = new JsonObject { ["data"] = Convert.ToBase64String(await FfmpegTool.MakeAsync("sine=duration=1", "wav", Ct)) };
        using var bytes = await _world.Api.PostAsync("/api/shop/media/convert/voice", new StringContent(wav.ToJsonString(), System.Text.Encoding.UTF8, "application/json"), Ct);
        Assert.Equal(HttpStatusCode.Created, bytes.StatusCode);
        Assert.Equal(("audio/ogg; codecs=opus", "output.opus"), (bytes.Content.Headers.ContentType!.ToString(), bytes.Content.Headers.ContentDisposition!.FileName!.Trim('"')));
        Assert.Equal("OggS"u8.ToArray(), (await bytes.Content.ReadAsByteArrayAsync(Ct))[..4]);

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/shop/media/convert/voice") { Content = new StringContent(wav.ToJsonString(), System.Text.Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        using var json = await _world.Api.SendAsync(request, Ct);
        Assert.Equal("audio/ogg; codecs=opus", JsonNode.Parse(await json.Content.ReadAsStringAsync(Ct))!["mimetype"]!.ToString());

        var mp4 = new JsonObject { ["data"] = Convert.ToBase64String(await FfmpegTool.MakeAsync("testsrc=size=64x64:duration=1:rate=5", "webm", Ct, "-c:v", "libvpx")) };
        using var video = await _world.Api.PostAsync("/api/shop/media/convert/video", new StringContent(mp4.ToJsonString(), System.Text.Encoding.UTF8, "application/json"), Ct);
        Assert.Equal("video/mp4", video.Content.Headers.ContentType!.ToString());
        Assert.Empty(Scratch());
    }

    [Theory]
    [InlineData("not a file that anybody knows")]
    [InlineData("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n")]
    [InlineData("ffconcat version 1.0\nfile '/etc/hostname'\n")]
    public async Task What_cannot_be_converted_or_would_open_other_files_is_refused(string content)
    {
        FfmpegTool.Require();
        var body = new JsonObject { ["data"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(content)) };
        var (_, answer) = await _world.Api.ExpectAsync(HttpMethod.Post, "/api/shop/media/convert/video", body, 422, Ct);
        Assert.Contains("could not be converted", answer!["message"]!.ToString(), StringComparison.Ordinal);
        Assert.Empty(Scratch());
    }

    [Fact]
    public async Task Without_ffmpeg_what_needs_it_says_so_and_what_does_not_goes_out()
    {
        await using var world = await World.StartAsync(Ct, configure: settings => settings.Media.Ffmpeg = "/nowhere/ffmpeg");
        var customer = world.WhatsApp.AddAccount("5511900000001", "Ana Example");
        await world.LinkAsync("shop", world.WhatsApp.AddAccount("5511900000099", "Shop"), Ct);
        var body = new JsonObject { ["session"] = "shop", ["chatId"] = Customer, ["convert"] = true, ["file"] = new JsonObject { ["data"] = Convert.ToBase64String("OggS"u8) } };
        var (_, answer) = await world.Api.ExpectAsync(HttpMethod.Post, "/api/sendVoice", body.DeepClone(), 422, Ct);
        Assert.Contains("not installed", answer!["message"]!.ToString(), StringComparison.Ordinal);
        body["convert"] = false;
        await world.Api.ExpectAsync(HttpMethod.Post, "/api/sendVoice", body, 201, Ct);
        Assert.Equal("OggS"u8.ToArray(), customer.Media.Open(await customer.Incoming.ReadAsync(Ct)));
    }

    private async Task<JsonNode> SendAsync(string operation, JsonObject file, JsonObject more)
    {
        var body = new JsonObject(more.DeepClone().AsObject().Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))) { ["session"] = "shop", ["chatId"] = Customer, ["file"] = file };
        return (await _world.Api.ExpectAsync(HttpMethod.Post, "/api/" + operation, body, 201, Ct)).Body!;
    }

    private string[] Scratch() => Path.Combine(_world.Settings().FilesFolder, ".scratch") is var folder && Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
}
