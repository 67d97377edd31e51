using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Footbridge.Server.Config;
using Footbridge.Server.Media;
using Footbridge.Server.Workers;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Media;
using Footbridge.Simulator.WhatsApp.Phone;
using Microsoft.Extensions.DependencyInjection;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Files of messages on their way into Chatwoot; a text is never lost because of its file.</summary>
public sealed partial class FileTests : ChatwootTest
{
    private const string Key = "a-key-for-workers-under-test";
    private static readonly byte[] Picture = RandomNumberGenerator.GetBytes(50_000);

    [Fact]
    public async Task A_picture_arrives_with_its_caption_and_as_a_picture()
    {
        var shown = await ArrivedAsync(Ana.Media.SendImage(Shop.Number.User, Picture, "see *this*"));
        Assert.Equal(("see **this**", SimMessageType.Incoming, false), (shown.Content, shown.Type, shown.IsPrivate));
        var file = Assert.Single(shown.Files);
        Assert.Equal(("image.jpeg", "image/jpeg"), (file.Name, file.ContentType));
        Assert.Equal(Picture, file.Bytes);
    }

    [Fact]
    public async Task W_38_a_document_keeps_its_name_in_any_letters_and_gets_the_extension_and_type_it_lacks()
    {
        var named = await ArrivedAsync(Ana.Media.SendDocument(Shop.Number.User, Picture, "Preisliste ü \"1\".pdf", "application/pdf"));
        Assert.Null(named.Content);
        Assert.Equal(("Preisliste ü \"1\".pdf", "application/pdf"), (named.Files[0].Name, named.Files[0].ContentType));
        var bare = await ArrivedAsync(Ana.Media.SendDocument(Shop.Number.User, Picture, "report", "application/pdf"));
        Assert.Equal("report.pdf", bare.Files[0].Name);
        var untyped = await ArrivedAsync(Ana.Media.SendDocument(Shop.Number.User, Picture, "clip.mp4", "application/octet-stream"));
        Assert.Equal(("clip.mp4", "video/mp4"), (untyped.Files[0].Name, untyped.Files[0].ContentType));
    }

    [Fact]
    public async Task W_7_a_file_that_cannot_be_had_leaves_its_text_and_a_link_that_asks_for_it_again()
    {
        World.WhatsApp.Media.Fault = _ => new MediaFault.Status(410);
        Shop.Media.Answer = MediaAnswer.HasItNoMore;
        var shown = await ArrivedAsync(Ana.Media.SendImage(Shop.Number.User, Picture, "my invoice"));
        Assert.StartsWith("my invoice\n\n🖼️⚠️ **Attachment not available", shown.Content, StringComparison.Ordinal);
        Assert.Equal((0, SimMessageType.Incoming, false), (shown.Files.Count, shown.Type, shown.IsPrivate));
        World.WhatsApp.Media.Fault = null;
        Assert.Equal(Picture, await World.Api.GetByteArrayAsync(LinkIn(shown), Ct));
    }

    [Fact]
    public async Task A_file_that_comes_on_a_later_try_is_posted_as_a_file()
    {
        var left = 2;
        World.WhatsApp.Media.Fault = _ => Interlocked.Decrement(ref left) >= 0 ? new MediaFault.Status(404) : null;
        Shop.Media.Answer = MediaAnswer.HasItNoMore;
        var shown = await ArrivedAsync(Ana.Media.SendImage(Shop.Number.User, Picture, "my invoice"));
        Assert.Equal(("my invoice", 1), (shown.Content, shown.Files.Count));
    }

    [Fact]
    public async Task A_file_larger_than_the_inbox_takes_becomes_a_link_under_its_text()
    {
        var large = RandomNumberGenerator.GetBytes(1024 * 1024 + 1);
        var shown = await ArrivedAsync(Ana.Media.SendDocument(Shop.Number.User, large, "film.mp4", "video/mp4"));
        Assert.StartsWith("📎⚠️ **film.mp4 (1 MB) is larger than this inbox takes (1 MB).**", shown.Content, StringComparison.Ordinal);
        Assert.Empty(shown.Files);
        Assert.Equal(large, await World.Api.GetByteArrayAsync(LinkIn(shown), Ct));
    }

    [Theory]
    [InlineData(413)]
    [InlineData(415)]
    [InlineData(422)]
    public async Task A_file_that_chatwoot_refuses_becomes_a_link_under_its_text(int status)
    {
        Chatwoot.Faults.OnRequest = request => request.HasFormContentType ? new ChatwootFault.Status(status) : null;
        var shown = await ArrivedAsync(Ana.Media.SendImage(Shop.Number.User, Picture, "my invoice"));
        Assert.StartsWith("my invoice\n\n📎 [image.jpeg](", shown.Content, StringComparison.Ordinal);
        Assert.Equal(Picture, await World.Api.GetByteArrayAsync(LinkIn(shown), Ct));
    }

    [Fact]
    public async Task A_file_whose_post_always_breaks_off_becomes_a_link_and_what_follows_it_arrives()
    {
        Chatwoot.Faults.OnRequest = request => request.HasFormContentType ? new ChatwootFault.Reset() : null;
        var id = Ana.Media.SendImage(Shop.Number.User, Picture, "my invoice");
        var next = await AnaWritesAsync("and a text");
        var shown = await ArrivedAsync(id);
        Assert.StartsWith("my invoice\n\n📎 [image.jpeg](", shown.Content, StringComparison.Ordinal);
        Assert.True(shown.Id < next.Id);
    }

    [Fact]
    public async Task A_post_with_a_file_that_broke_off_after_it_was_done_is_found_and_not_made_again()
    {
        var broken = 0;
        Chatwoot.Faults.OnRequest = request => request.HasFormContentType && Interlocked.Exchange(ref broken, 1) == 0 ? new ChatwootFault.ResetAfterCommit() : null;
        var id = Ana.Media.SendImage(Shop.Number.User, Picture, "once");
        var shown = await ArrivedAsync(id);
        await AnaWritesAsync("after it");
        Assert.Equal(1, broken);
        Assert.Same(shown, Assert.Single(Chatwoot.ConversationOf(Customer)!.Messages, m => m.SourceId == id));
        Assert.Single(shown.Files);
    }

    [Fact]
    public async Task A_voice_message_plays_in_every_browser_and_is_marked_as_one()
    {
        FfmpegTool.Require();
        var ogg = await FfmpegTool.MakeAsync("sine=frequency=440:duration=2", "ogg", Ct, "-c:a", "libopus");
        var shown = await ArrivedAsync(Ana.Media.SendVoice(Shop.Number.User, ogg, 2));
        Assert.Null(shown.Content);
        var file = Assert.Single(shown.Files);
        Assert.Equal(("voice.m4a", "audio/mp4", "audio/mp4"), (file.Name, file.ContentType, MimeTypes.Detect(file.Bytes)));
        var path = Path.Combine(World.Folder, "heard.m4a");
        await File.WriteAllBytesAsync(path, file.Bytes, Ct);
        var probe = JsonNode.Parse(await World.Product.Services.GetRequiredService<Ffmpeg>().ProbeAsync(path, Ct))!;
        Assert.InRange(double.Parse(probe["format"]!["duration"]!.ToString(), CultureInfo.InvariantCulture), 1.9, 2.2);
    }

    [Fact]
    public async Task A_voice_message_that_cannot_be_converted_is_posted_as_it_is()
    {
        var shown = await ArrivedAsync(Ana.Media.SendVoice(Shop.Number.User, Picture, 2));
        var file = Assert.Single(shown.Files);
        Assert.Equal(("voice.oga", "audio/ogg; codecs=opus"), (file.Name, file.ContentType));
        Assert.Equal(Picture, file.Bytes);
    }

    [Fact]
    public async Task A_worker_gets_a_file_over_its_door_and_hears_why_when_there_is_none()
    {
        var shown = await ArrivedAsync(Ana.Media.SendDocument(Shop.Number.User, Picture, "ünlü.pdf", "application/pdf"));
        Assert.Single(shown.Files);
        var name = Directory.EnumerateFiles(Path.Combine(World.Settings().FilesFolder, "shop")).Select(Path.GetFileName).Single()!;
        var settings = World.Settings();
        (settings.ApiUrl, settings.DataFolder) = (World.Product.Url, Directory.CreateTempSubdirectory("footbridge-worker-").FullName);
        using var client = new WorkerClient(settings);
        var gate = new RemoteMediaGate(client, settings);
        var file = await gate.GetAsync("shop", name, Ct);
        Assert.Equal(("ünlü.pdf", "application/pdf", true), (file.Name, file.Mimetype, file.IsScratch));
        Assert.Equal(Picture, await File.ReadAllBytesAsync(file.Path, Ct));
        await Assert.ThrowsAsync<FileNotStoredException>(() => gate.GetAsync("shop", "nothing.pdf", Ct));
        Assert.Equal(file.Path, Assert.Single(Directory.EnumerateFiles(Path.GetDirectoryName(file.Path)!)));
        settings.WorkerKey = "another";
        using var stranger = new WorkerClient(settings);
        await Assert.ThrowsAsync<ApiAwayException>(() => new RemoteMediaGate(stranger, settings).GetAsync("shop", name, Ct));
        Directory.Delete(settings.DataFolder, recursive: true);
    }

    private protected override void Configure(Settings settings) => (settings.ChatwootMaxFileMegabytes, settings.WorkerKey) = (1, Key);

    private static string LinkIn(SimMessage message) => Link().Match(message.Content!).Groups[1].Value;

    [GeneratedRegex(@"\(https?://[^/]+(/api/files/[^)]+)\)")]
    private static partial Regex Link();
}
