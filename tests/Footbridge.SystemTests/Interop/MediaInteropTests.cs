using System.Security.Cryptography;
using Footbridge.Engine.Events;
using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Media;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;
using Footbridge.SystemTests.Engine;

namespace Footbridge.SystemTests.Interop;

/// <summary>Files between our engine and clients nobody here wrote: sealed, uploaded, fetched and opened by either side.</summary>
public sealed class MediaInteropTests : IAsyncLifetime
{
    /// <summary>Three windows of the sidecar, and no whole number of blocks.</summary>
    private const int FileBytes = 150_001;
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(120));
    private WhatsAppSimulator _whatsApp = null!;
    private FakePhone _customer = null!;
    private SocketsHttpHandler _handler = null!;
    private LinkedAccount _us = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        _whatsApp = await WhatsAppSimulator.StartAsync(new(), TimeProvider.System, Ct);
        _customer = _whatsApp.AddAccount("5511900000001", "Ana Example");
        _handler = MediaTrust.Handler(_whatsApp);
        _us = new(_whatsApp, _whatsApp.AddAccount("5511900000099", "Shop"), options => options with { MediaHandler = _handler, Media = options.Media with { FallbackHosts = [] } });
        await _us.PairAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _us.DisposeAsync();
        await _whatsApp.DisposeAsync();
        _handler.Dispose();
        _timeout.Dispose();
    }

    [Theory]
    [MemberData(nameof(NpmHost.Names), MemberType = typeof(NpmHost))]
    public async Task Files_of_every_kind_from_us_open_at_the_other_client(string name)
    {
        await using var host = NpmHost.Start(name, _whatsApp);
        var client = await host.LinkAsync(_customer, Ct);
        foreach (var (kind, mediaKind, mimetype, build) in Kinds())
        {
            var file = RandomNumberGenerator.GetBytes(FileBytes);
            var media = await _us.Client.Media.UploadAsync(mediaKind, new MemoryStream(file), Ct);
            var details = new MediaDetails(mimetype) { FileName = "offer.pdf", Caption = "look", Seconds = 1, Waveform = new byte[MediaContent.WaveformBytes], Width = 1, Height = 1 };
            var id = MessageIds.Random();
            await _us.Client.SendAsync(new(id, _customer.Number, build(media, details)), Ct);
            var opened = await client.WaitMediaAsync(id, Ct);
            Assert.Equal((kind, mimetype, Convert.ToHexStringLower(SHA256.HashData(file))), (opened["kind"]!.ToString(), opened["mimetype"]!.ToString(), opened["sha256"]!.ToString()));
            Proof.Record(RowOf(kind), name, Direction.FromUs);
        }
    }

    [Theory]
    [MemberData(nameof(NpmHost.Names), MemberType = typeof(NpmHost))]
    public async Task Files_of_every_kind_from_the_other_client_open_here(string name)
    {
        await using var host = NpmHost.Start(name, _whatsApp);
        var client = await host.LinkAsync(_customer, Ct);
        foreach (var kind in new[] { "image", "video", "ptt", "document", "sticker" })
        {
            var file = RandomNumberGenerator.GetBytes(FileBytes);
            var id = await client.SendMediaAsync(_us.Phone.Number.User, kind, file, Ct);
            var received = await _us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
            Assert.Equal(kind, KindOf(received.Content));
            using var opened = new MemoryStream();
            await _us.Client.Media.DownloadAsync(ArrivedMedia.Of(received)!, opened, Ct);
            Assert.Equal(file, opened.ToArray());
            Proof.Record(RowOf(kind), name, Direction.ToUs);
        }
    }

    [Theory]
    [MemberData(nameof(NpmHost.Names), MemberType = typeof(NpmHost))]
    public async Task A_picture_to_be_seen_once_opens_at_either_side_and_says_so(string name)
    {
        await using var host = NpmHost.Start(name, _whatsApp);
        var client = await host.LinkAsync(_customer, Ct);
        var file = RandomNumberGenerator.GetBytes(FileBytes);
        var media = await _us.Client.Media.UploadAsync(MediaKind.Image, new MemoryStream(file), Ct);
        var id = MessageIds.Random();
        await _us.Client.SendAsync(new(id, _customer.Number, ForwardContents.ViewOnce(MediaContent.Image(media, new("image/jpeg") { Width = 1, Height = 1 }))), Ct);
        Assert.True((await client.WaitMessageAsync(id, Ct))["isViewOnce"]!.GetValue<bool>());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(file)), (await client.WaitMediaAsync(id, Ct))["sha256"]!.ToString());
        Proof.Record("view-once", name, Direction.FromUs);

        var theirs = await client.SendMediaAsync(_us.Phone.Number.User, "image", file, Ct, isViewOnce: true);
        var received = await _us.Store.WaitAsync<MessageReceived>(m => m.MessageId == theirs, Ct);
        Assert.True(received.Flags.HasFlag(MessageFlags.ViewOnce) || received.Content.ImageMessage.ViewOnce);
        using var opened = new MemoryStream();
        await _us.Client.Media.DownloadAsync(ArrivedMedia.Of(received)!, opened, Ct);
        Assert.Equal(file, opened.ToArray());
        Proof.Record("view-once", name, Direction.ToUs);
    }

    private static string RowOf(string kind) => kind is "audio" or "ptt" ? "voice note" : kind;

    private static IEnumerable<(string Kind, MediaKind MediaKind, string Mimetype, Func<UploadedMedia, MediaDetails, Message> Build)> Kinds() =>
    [
        ("image", MediaKind.Image, "image/jpeg", MediaContent.Image),
        ("video", MediaKind.Video, "video/mp4", MediaContent.Video),
        ("audio", MediaKind.Audio, "audio/ogg; codecs=opus", MediaContent.Voice),
        ("document", MediaKind.Document, "application/pdf", MediaContent.Document),
        ("sticker", MediaKind.Sticker, "image/webp", MediaContent.Sticker),
    ];

    private static string KindOf(Message content) =>
        content.ImageMessage is not null ? "image"
        : content.VideoMessage is not null ? "video"
        : content.AudioMessage is { Ptt: true } ? "ptt"
        : content.DocumentMessage is not null ? "document"
        : content.StickerMessage is not null ? "sticker"
        : "something else";
}
