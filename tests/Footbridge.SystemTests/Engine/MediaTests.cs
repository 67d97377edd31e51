using System.Security.Cryptography;
using Footbridge.Engine;
using Footbridge.Engine.Events;
using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Media;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Media;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Engine;

public sealed class MediaTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly byte[] Picture = RandomNumberGenerator.GetBytes(100_000);
    private readonly CancellationTokenSource _timeout = new(Patience);
    private readonly string _scratch = Directory.CreateTempSubdirectory("footbridge-media-").FullName;
    private WhatsAppSimulator _whatsApp = null!;
    private FakePhone _customer = null!;
    private SocketsHttpHandler _handler = null!;
    private LinkedAccount _us = null!;
    private MediaOptions _options = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        _whatsApp = await WhatsAppSimulator.StartAsync(new(), TimeProvider.System, Ct);
        _customer = _whatsApp.AddAccount("5511900000001", "Ana Example");
        _handler = MediaTrust.Handler(_whatsApp);
        _options = new()
        {
            FallbackHosts = [],
            ScratchFolder = _scratch,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            StallTimeout = TimeSpan.FromSeconds(1),
            PhoneTimeout = TimeSpan.FromSeconds(20),
            MaxBytes = 1_000_000,
        };
        _us = NewAccount("5511900000099", _options);
        await _us.PairAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _us.DisposeAsync();
        await _whatsApp.DisposeAsync();
        _handler.Dispose();
        _timeout.Dispose();
        // Whatever happened, nothing half done stays on the disk.
        Assert.Empty(Directory.EnumerateFileSystemEntries(_scratch));
        Directory.Delete(_scratch);
    }

    [Fact]
    public async Task A_file_of_every_kind_reaches_the_other_side_with_what_is_said_about_it()
    {
        var details = new MediaDetails("a/b") { Caption = "look", FileName = "offer.pdf", Width = 3, Height = 4, Seconds = 5, Waveform = new byte[64], Thumbnail = [1, 2], IsAnimated = true };
        (MediaKind Kind, Func<UploadedMedia, MediaDetails, Message> Build)[] kinds =
        [
            (MediaKind.Image, MediaContent.Image), (MediaKind.Video, MediaContent.Video), (MediaKind.Video, MediaContent.Gif), (MediaKind.Video, MediaContent.VideoNote),
            (MediaKind.Audio, MediaContent.Audio), (MediaKind.Audio, MediaContent.Voice), (MediaKind.Document, MediaContent.Document), (MediaKind.Sticker, MediaContent.Sticker),
        ];
        foreach (var (kind, build) in kinds)
        {
            var content = build(await _us.Client.Media.UploadAsync(kind, new MemoryStream(Picture), Ct), details);
            Assert.Equal(32, content.MessageContextInfo.MessageSecret.Length);
            await _us.Client.SendAsync(new(MessageIds.Random(), _customer.Number, content), Ct);
            var shown = await _customer.Incoming.ReadAsync(Ct);
            Assert.Equal(content, shown.Content);
            Assert.Equal(Picture, _customer.Media.Open(shown));
        }
    }

    [Fact]
    public async Task A_view_once_image_is_wrapped_and_opens()
    {
        var media = await _us.Client.Media.UploadAsync(MediaKind.Image, new MemoryStream(Picture), Ct);
        await _us.Client.SendAsync(new(MessageIds.Random(), _customer.Number, MediaContent.ViewOnce(MediaContent.Image(media, new("image/jpeg")))), Ct);
        var shown = await _customer.Incoming.ReadAsync(Ct);
        Assert.True(shown.Content.ViewOnceMessageV2.Message.ImageMessage.ViewOnce);
        Assert.Equal(Picture, _customer.Media.Open(shown));
    }

    [Fact]
    public async Task A_file_that_arrives_is_fetched_from_the_host_of_the_day_with_its_hash_in_the_address()
    {
        var media = await ArriveAsync();
        Assert.Equal(Picture, await FetchAsync(media));
        var request = Assert.Single(_whatsApp.Media.Requests, r => r.Method == "GET");
        Assert.Contains("&hash=" + Convert.ToBase64String(media.Reference.FileEncSha256!)[..8].Replace('+', '-').Replace('/', '_'), request.Path, StringComparison.Ordinal);
        Assert.EndsWith("&mms-type=image&__wa-mms=", request.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hosts_are_asked_for_once_and_the_right_to_upload_again_when_it_is_refused()
    {
        for (var i = 0; i < 3; i++) await _us.Client.Media.UploadAsync(MediaKind.Image, new MemoryStream(Picture), Ct);
        Assert.Single(_whatsApp.Recorder.Stanzas, s => s.IsFromClient && s.Node["xmlns"] == "w:m");
        _whatsApp.Media.RenewAuth();
        await _us.Client.Media.UploadAsync(MediaKind.Image, new MemoryStream(Picture), Ct);
        Assert.Equal(2, _whatsApp.Recorder.Stanzas.Count(s => s.IsFromClient && s.Node["xmlns"] == "w:m"));
    }

    [Fact]
    public async Task An_upload_that_is_refused_for_good_says_so()
    {
        _whatsApp.Media.Fault = r => r.Method == "POST" ? new MediaFault.Status(401) : null;
        var refused = await Assert.ThrowsAsync<MediaFailedException>(() => _us.Client.Media.UploadAsync(MediaKind.Image, new MemoryStream(Picture), Ct));
        Assert.Contains("401", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, _whatsApp.Media.Requests.Count);
        _whatsApp.Media.Fault = _ => new MediaFault.Status(413);
        await Assert.ThrowsAsync<MediaTooLargeException>(() => _us.Client.Media.UploadAsync(MediaKind.Image, new MemoryStream(Picture), Ct));
        await Assert.ThrowsAsync<MediaTooLargeException>(() => _us.Client.Media.UploadAsync(MediaKind.Image, new MemoryStream(new byte[_options.MaxBytes + 1]), Ct));
    }

    [Theory]
    [InlineData("error")]
    [InlineData("wrong byte")]
    [InlineData("cut")]
    [InlineData("stall")]
    public async Task A_download_that_goes_wrong_twice_comes_whole_the_third_time(string how)
    {
        var media = await ArriveAsync();
        var left = 2;
        _whatsApp.Media.Fault = _ => left-- <= 0 ? null : how switch
        {
            "error" => new MediaFault.Status(503),
            "wrong byte" => new MediaFault.WrongByte(),
            "cut" => new MediaFault.Truncated(),
            _ => new MediaFault.Stalled(),
        };
        Assert.Equal(Picture, await FetchAsync(media));
        Assert.Equal(3, _whatsApp.Media.Requests.Count);
    }

    [Fact]
    public async Task An_upload_that_meets_errors_and_dead_hosts_goes_through()
    {
        _whatsApp.Media.OtherHosts = ["127.0.0.1:1"];
        var failures = 1;
        _whatsApp.Media.Fault = r => r.Method == "POST" && failures-- > 0 ? new MediaFault.Status(500) : null;
        var media = await _us.Client.Media.UploadAsync(MediaKind.Image, new MemoryStream(Picture), Ct);
        Assert.NotNull(_whatsApp.Media.Find(media.DirectPath));
        Assert.Equal(2, _whatsApp.Media.Requests.Count);
    }

    [Fact]
    public async Task A_host_that_asks_to_wait_is_waited_for()
    {
        var media = await ArriveAsync();
        var (failures, began) = (1, TimeProvider.System.GetTimestamp());
        _whatsApp.Media.Fault = _ => failures-- > 0 ? new MediaFault.Status(429, RetryAfter: 1) : null;
        Assert.Equal(Picture, await FetchAsync(media));
        Assert.True(TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_file_that_stays_wrong_is_never_given_out()
    {
        var media = await ArriveAsync();
        _whatsApp.Media.Fault = _ => new MediaFault.WrongByte();
        using var destination = new MemoryStream();
        await Assert.ThrowsAsync<MediaCorruptException>(() => _us.Client.Media.DownloadAsync(media.Reference, destination, Ct));
        Assert.Equal(0, destination.Length);
        Assert.Equal(_options.DownloadAttempts, _whatsApp.Media.Requests.Count);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        var media = await ArriveAsync();
        _whatsApp.Media.Fault = _ => new MediaFault.Status(302, Location: $"https://{_whatsApp.Media.Authority}/v/elsewhere");
        await Assert.ThrowsAsync<MediaFailedException>(() => FetchAsync(media));
        Assert.Single(_whatsApp.Media.Requests);
    }

    [Theory]
    [InlineData(null, "https://evil.example/file")]
    [InlineData(null, "https://mmg.whatsapp.net.evil.example/file")]
    [InlineData(null, "https://mmg.whatsapp.net@127.0.0.1/file")]
    [InlineData(null, "http://mmg.whatsapp.net/file")]
    [InlineData(null, "https://mmg.whatsapp.net:8443/file")]
    [InlineData("@127.0.0.1/file", null)]
    [InlineData(".evil.example/file", null)]
    [InlineData(null, null)]
    public async Task A_message_cannot_send_us_to_any_other_host(string? path, string? url)
    {
        var reference = new MediaReference(MediaKind.Image, path, url is null ? null : new(url), new byte[32], null, null, null);
        var refused = await Assert.ThrowsAsync<MediaFailedException>(() => _us.Client.Media.DownloadAsync(reference, Stream.Null, Ct));
        Assert.Contains("names no file on WhatsApp's media hosts", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_larger_than_allowed_is_refused_before_and_while_it_comes()
    {
        var id = _customer.Media.SendDocument(_us.Phone.Number.User, new byte[_options.MaxBytes + 1], "big", "a/b");
        var media = ArrivedMedia.Of(await _us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct))!;
        await Assert.ThrowsAsync<MediaTooLargeException>(() => FetchAsync(media));
        Assert.Empty(_whatsApp.Media.Requests);
        await Assert.ThrowsAsync<MediaTooLargeException>(() => FetchAsync(media with { Reference = media.Reference with { Length = null } }));
        Assert.Single(_whatsApp.Media.Requests);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_file_that_is_gone_is_uploaded_again_by_the_phone_and_its_new_place_is_remembered(int status)
    {
        var media = await ArriveAsync();
        _whatsApp.Media.Expire(media.Reference.DirectPath!, status);
        await Assert.ThrowsAsync<MediaExpiredException>(() => _us.Client.Media.DownloadAsync(media.Reference, Stream.Null, Ct));
        var both = await Task.WhenAll(FetchAsync(media), FetchAsync(media));
        Assert.All(both, bytes => Assert.Equal(Picture, bytes));
        await _us.RestartAsync(Ct);
        Assert.Equal(Picture, await FetchAsync(media));
        var asked = Assert.Single(_whatsApp.Recorder.Stanzas, s => s.IsFromClient && s.Node["type"] == "server-error").Node;
        Assert.Equal((_us.Phone.Number, media.Chat, "false"), (asked.JidOf("to"), asked.Child("rmr")!.JidOf("jid"), asked.Child("rmr")!["from_me"]));
    }

    [Fact]
    public async Task A_file_that_came_back_wrong_everywhere_is_uploaded_again_by_the_phone()
    {
        var media = await ArriveAsync();
        _whatsApp.Media.Fault = r => r.Path.StartsWith(media.Reference.DirectPath!, StringComparison.Ordinal) ? new MediaFault.WrongByte() : null;
        Assert.Equal(Picture, await FetchAsync(media));
    }

    [Theory]
    [InlineData("HasItNoMore", "neither has the phone")]
    [InlineData("CannotUpload", "could not upload")]
    public async Task A_phone_that_cannot_help_says_why_and_is_not_asked_again_within_the_hour(string answer, string why)
    {
        var media = await ArriveAsync();
        _whatsApp.Media.Expire(media.Reference.DirectPath!);
        _us.Phone.Media.Answer = Enum.Parse<MediaAnswer>(answer);
        var gone = await Assert.ThrowsAsync<MediaExpiredException>(() => FetchAsync(media));
        Assert.Contains(why, gone.Message, StringComparison.Ordinal);
        gone = await Assert.ThrowsAsync<MediaExpiredException>(() => FetchAsync(media));
        Assert.Contains("may be asked again at", gone.Message, StringComparison.Ordinal);
        Assert.Single(_whatsApp.Recorder.Stanzas, s => s.IsFromClient && s.Node["type"] == "server-error");
    }

    [Fact]
    public async Task A_phone_that_answers_late_has_still_answered()
    {
        await using var impatient = NewAccount("5511900000088", _options with { PhoneTimeout = TimeSpan.FromMilliseconds(1) });
        await impatient.PairAsync(Ct);
        var id = _customer.Media.SendImage(impatient.Phone.Number.User, Picture);
        var media = ArrivedMedia.Of(await impatient.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct))!;
        _whatsApp.Media.Expire(media.Reference.DirectPath!);
        impatient.Phone.Media.Answer = MediaAnswer.SaysNothing;
        var gone = await Assert.ThrowsAsync<MediaExpiredException>(() => impatient.Client.Media.DownloadAsync(media, Stream.Null, Ct));
        Assert.Contains("did not answer", gone.Message, StringComparison.Ordinal);

        var asked = await _whatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node["type"] == "server-error", Ct);
        impatient.Phone.Media.Answer = MediaAnswer.UploadsAgain;
        impatient.Phone.Media.Take(asked.Node.With("from", asked.Device!.Value), _whatsApp.FindDevice(impatient.Phone.Number)!);
        await _whatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "ack" && s.Node["type"] == "mediaretry", Ct);
        using var destination = new MemoryStream();
        await impatient.Client.Media.DownloadAsync(media, destination, Ct);
        Assert.Equal(Picture, destination.ToArray());
    }

    [Fact]
    public async Task An_answer_nobody_asked_for_or_sealed_for_another_file_changes_nothing()
    {
        var media = await ArriveAsync();
        var (payload, iv) = MediaRetry.SealAnswer(media.MessageId, new() { Result = MediaRetryNotification.Types.ResultType.Success, DirectPath = "/v/forged" }, new byte[32]);
        var forged = Node.Of("notification", [("id", media.MessageId), ("from", _us.Phone.Number), ("type", "mediaretry"), ("t", 1)],
            Node.Of("encrypt", Node.OfBytes("enc_p", payload), Node.OfBytes("enc_iv", iv)));
        _whatsApp.Media.Expire(media.Reference.DirectPath!);
        _whatsApp.Push(_us.Client.Me!.Phone, forged);
        await _whatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "ack" && s.Node["type"] == "mediaretry", Ct);
        Assert.Equal(Picture, await FetchAsync(media));
    }

    [Fact]
    public async Task A_download_needs_no_connection_to_the_chat_server_but_an_upload_does()
    {
        var media = await ArriveAsync();
        await FetchAsync(media);
        var feature = _us.Client.Media;
        await _us.Client.StopAsync(Ct);
        using var destination = new MemoryStream();
        await feature.DownloadAsync(media.Reference, destination, Ct);
        Assert.Equal(Picture, destination.ToArray());
        await Assert.ThrowsAsync<NotOnlineException>(() => _us.Client.Media.UploadAsync(MediaKind.Image, Stream.Null, Ct));
    }

    [Fact]
    public async Task A_file_on_disk_is_there_as_a_whole_or_not_at_all()
    {
        var media = await ArriveAsync();
        var path = Path.Combine(_scratch, "file");
        _whatsApp.Media.Fault = _ => new MediaFault.Status(400);
        await Assert.ThrowsAsync<MediaFailedException>(() => _us.Client.Media.DownloadAsync(media, path, Ct));
        Assert.Empty(Directory.EnumerateFiles(_scratch));
        _whatsApp.Media.Fault = null;
        await _us.Client.Media.DownloadAsync(media, path, Ct);
        Assert.Equal(Picture, await File.ReadAllBytesAsync(path, Ct));
        File.Delete(path);
    }

    private LinkedAccount NewAccount(string digits, MediaOptions media) =>
        new(_whatsApp, _whatsApp.AddAccount(digits, "Shop"), options => options with { MediaHandler = _handler, Media = media });

    private async Task<ArrivedMedia> ArriveAsync()
    {
        var id = _customer.Media.SendImage(_us.Phone.Number.User, Picture, "look");
        return ArrivedMedia.Of(await _us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct))!;
    }

    private async Task<byte[]> FetchAsync(ArrivedMedia media)
    {
        using var destination = new MemoryStream();
        await _us.Client.Media.DownloadAsync(media, destination, Ct);
        return destination.ToArray();
    }
}
