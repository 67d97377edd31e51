using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Api;

/// <summary>Files to groups, into stories and as pictures: where they go, for whom, and what goes with them.</summary>
public sealed class FileTargetsTests : IAsyncLifetime
{
    private const string AnaId = "5511900000001@c.us";
    private const string OurId = "5511900000099@c.us";
    private static readonly byte[] Pdf = [.. "%PDF-1.7 "u8, .. new byte[1000]];
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(90));
    private World _world = null!;
    private FakePhone _ana = null!;
    private FakePhone _us = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        _world = await World.StartAsync(Ct);
        _ana = _world.WhatsApp.AddAccount("5511900000001", "Ana Example");
        _world.WhatsApp.AddAccount("5511900000002", "Bia Example");
        _us = _world.WhatsApp.AddAccount("5511900000099", "Shop");
        await _world.LinkAsync("shop", _us, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task A_file_to_a_group_carries_the_quoted_content_the_mentions_and_the_id_asked_for()
    {
        var group = (await PostAsync("/api/shop/groups", new() { ["name"] = "Team", ["participants"] = new JsonArray(new JsonObject { ["id"] = AnaId }) }))["id"]!.ToString();
        var question = _ana.Groups.SendText(Jid.Parse(group), "send me the offer");
        await _world.WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "receipt" && s.Node["id"] == question && s.Node["type"] != "retry", Ct);
        var sent = await PostAsync("/api/sendFile", new()
        {
            ["session"] = "shop",
            ["chatId"] = group,
            ["id"] = "3EB0AABBCCDDEEFF0011",
            ["caption"] = 42,
            ["reply_to"] = $"false_{group}_{question}_{AnaId}",
            ["mentions"] = new JsonArray(AnaId),
            ["file"] = new JsonObject { ["data"] = Convert.ToBase64String(Pdf), ["filename"] = "offer.pdf" },
        });
        Assert.Equal(($"true_{group}_3EB0AABBCCDDEEFF0011_{OurId}", true, question), (sent["id"]!.ToString(), sent["hasMedia"]!.GetValue<bool>(), sent["replyTo"]!["id"]!.ToString()));
        var shown = await _ana.Incoming.ReadAsync(Ct);
        var document = shown.Content.DocumentWithCaptionMessage.Message.DocumentMessage;
        Assert.Equal(("42", "send me the offer"), (document.Caption, document.ContextInfo.QuotedMessage.ExtendedTextMessage.Text));
        Assert.Equal(_ana.Lid.ToString(), Assert.Single(document.ContextInfo.MentionedJid));
        Assert.Equal(Pdf, _ana.Media.Open(shown));
    }

    [Fact]
    public async Task Everybody_is_mentioned_under_a_file_in_a_group_and_nowhere_else()
    {
        var group = (await PostAsync("/api/shop/groups", new() { ["name"] = "Team", ["participants"] = new JsonArray(new JsonObject { ["id"] = AnaId }) }))["id"]!.ToString();
        var body = new JsonObject { ["session"] = "shop", ["chatId"] = group, ["mentions"] = new JsonArray("all"), ["file"] = new JsonObject { ["data"] = Convert.ToBase64String(Pdf) } };
        await PostAsync("/api/sendFile", (JsonObject)body.DeepClone());
        Assert.Equal(1u, (await _ana.Incoming.ReadAsync(Ct)).Content.DocumentMessage.ContextInfo.NonJidMentions);
        body["chatId"] = AnaId;
        await _world.Api.ExpectAsync(HttpMethod.Post, "/api/sendFile", body.DeepClone(), 422, Ct);
    }

    [Fact]
    public async Task A_story_without_named_contacts_goes_to_those_whose_names_are_saved_and_to_nobody_when_there_are_none()
    {
        var story = new JsonObject { ["text"] = "open today" };
        var (_, refused) = await _world.Api.ExpectAsync(HttpMethod.Post, "/api/shop/status/text", story.DeepClone(), 422, Ct);
        Assert.Equal("No participants to send status", refused!["message"]!.ToString());
        await _world.Api.ExpectAsync(HttpMethod.Put, $"/api/shop/contacts/{AnaId}", new JsonObject { ["firstName"] = "Ana" }, 200, Ct);
        var sent = await PostAsync("/api/shop/status/text", story);
        var shown = await _ana.Incoming.ReadAsync(Ct);
        Assert.Equal((Jid.Status, "open today", $"true_status@broadcast_{shown.Id}_{OurId}"), (shown.Chat, shown.Text, sent["id"]!.ToString()));
        await PostAsync("/api/shop/status/delete", new() { ["id"] = sent["id"]!.DeepClone() });
        Assert.Equal(shown.Id, (await _ana.Incoming.ReadAsync(Ct)).Content.ProtocolMessage.Key.Id);
        await _world.Api.ExpectAsync(HttpMethod.Post, "/api/shop/status/text", new JsonObject { ["text"] = "x", ["contacts"] = new JsonArray() }, 422, Ct);
    }

    [Theory]
    [InlineData("image")]
    [InlineData("voice")]
    [InlineData("video")]
    public async Task A_story_of_a_file_is_seen_by_its_audience(string kind)
    {
        var bytes = kind switch { "image" => [0xFF, 0xD8, 0xFF, 0xD9], "voice" => "OggS"u8.ToArray(), _ => [0, 0, 0, 0x18, .. "ftypmp42"u8] };
        var sent = await PostAsync($"/api/shop/status/{kind}", new()
        {
            ["file"] = new JsonObject { ["data"] = Convert.ToBase64String(bytes) },
            ["contacts"] = new JsonArray(AnaId),
            ["caption"] = "look",
            ["backgroundColor"] = "#102030",
            ["id"] = "3EB0AABBCCDDEEFF0011",
        });
        Assert.Equal(($"true_status@broadcast_3EB0AABBCCDDEEFF0011_{OurId}", true), (sent["id"]!.ToString(), sent["hasMedia"]!.GetValue<bool>()));
        var shown = await _ana.Incoming.ReadAsync(Ct);
        Assert.Equal(bytes, _ana.Media.Open(shown));
        var content = shown.Content;
        var told = kind switch { "image" => content.ImageMessage.Caption, "voice" => $"{content.AudioMessage.Ptt} {content.AudioMessage.BackgroundArgb:x}", _ => content.VideoMessage.Caption };
        Assert.Equal(kind == "voice" ? "True ff102030" : "look", told);
    }

    [Fact]
    public async Task A_story_whose_file_is_missing_is_refused()
    {
        await _world.Api.ExpectAsync(HttpMethod.Post, "/api/shop/status/image", new JsonObject { ["contacts"] = new JsonArray(AnaId) }, 400, Ct);
        await _world.Api.ExpectAsync(HttpMethod.Post, "/api/shop/status/image", new JsonObject { ["file"] = new JsonObject(), ["contacts"] = new JsonArray(AnaId) }, 422, Ct);
    }

    [Fact]
    public async Task A_picture_at_an_address_becomes_a_square_jpeg_and_a_small_jpeg_stays_as_it_is()
    {
        FfmpegTool.Require();
        var png = await FfmpegTool.MakeAsync("testsrc=size=320x200:duration=1:rate=1", "png", Ct, "-frames:v", "1");
        await using var web = await FileServer.StartAsync(Ct);
        web.Files["/logo.png"] = context => context.Response.Body.WriteAsync(png, Ct).AsTask();
        await _world.Api.ExpectAsync(HttpMethod.Put, "/api/shop/profile/picture", new JsonObject { ["file"] = new JsonObject { ["url"] = new Uri(web.Url, "/logo.png").ToString() } }, 200, Ct);
        Assert.Equal((640, 640), JpegSize(Shown()));
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xD9];
        await _world.Api.ExpectAsync(HttpMethod.Put, "/api/shop/profile/picture", new JsonObject { ["file"] = new JsonObject { ["data"] = Convert.ToBase64String(jpeg) } }, 200, Ct);
        Assert.Equal(jpeg, Shown());
        var hidden = new JsonObject { ["file"] = new JsonObject { ["url"] = "http://169.254.169.254/logo.png" } };
        await _world.Api.ExpectAsync(HttpMethod.Put, "/api/shop/profile/picture", hidden, 422, Ct);
    }

    /// <summary>The last picture that was set.</summary>
    private byte[] Shown() => _world.WhatsApp.Recorder.Stanzas
        .Last(s => s.IsFromClient && s.Node["xmlns"] == "w:profile:picture" && s.Node["type"] == "set").Node.Child("picture")!.Bytes!;

    /// <summary>Height and width out of the frame header (ISO 10918-1, B.2.2).</summary>
    private static (int Width, int Height) JpegSize(ReadOnlySpan<byte> jpeg)
    {
        var at = jpeg.IndexOf([(byte)0xFF, (byte)0xC0]);
        return (jpeg[at + 7] << 8 | jpeg[at + 8], jpeg[at + 5] << 8 | jpeg[at + 6]);
    }

    private async Task<JsonNode> PostAsync(string path, JsonObject body) => (await _world.Api.ExpectAsync(HttpMethod.Post, path, body, 201, Ct)).Body!;
}
