using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Generated;
using Google.Protobuf;

namespace Footbridge.UnitTests.Engine.Messages;

public sealed class MediaContentTests
{
    private static readonly UploadedMedia Sealed = new([.. Enumerable.Repeat((byte)1, 32)], DateTimeOffset.FromUnixTimeSeconds(1_800_000_000), "/v/new", new("https://mmg.whatsapp.net/v/new"), [2], [3], 10, [4]);
    private static readonly UploadedMedia Clear = new([], DateTimeOffset.FromUnixTimeSeconds(1_800_000_000), "/n/new", new("https://mmg.whatsapp.net/n/new"), [2], [], 10, null) { Handle = "h" };

    [Fact]
    public void A_file_that_moves_keeps_what_it_shows_and_loses_all_that_its_old_key_sealed()
    {
        var video = Old();
        MediaContent.Place(video, Sealed);
        Assert.Equal(("/v/new", "see", 9u, 1_800_000_000L), (video.DirectPath, video.Caption, video.Seconds, video.MediaKeyTimestamp));
        Assert.Equal([.. Sealed.FileSha256, .. Sealed.FileEncSha256, .. Sealed.Sidecar!, .. Sealed.Key], [.. video.FileSha256, .. video.FileEncSha256, .. video.StreamingSidecar, .. video.MediaKey]);
        Assert.False(video.HasThumbnailDirectPath || video.HasThumbnailSha256 || video.HasThumbnailEncSha256);
        Assert.True(video.HasJpegThumbnail);
    }

    [Fact]
    public void A_file_in_clear_has_no_key_and_nothing_of_one()
    {
        var video = Old();
        MediaContent.Place(video, Clear);
        Assert.Equal(("/n/new", "see", 10ul), (video.DirectPath, video.Caption, video.FileLength));
        Assert.False(video.HasMediaKey || video.HasMediaKeyTimestamp || video.HasFileEncSha256 || video.HasStreamingSidecar);
        Assert.Equal([2], video.FileSha256.ToByteArray());
        var image = MediaContent.Image(Clear, new("image/jpeg") { Caption = "x" }).ImageMessage;
        Assert.Equal((false, false, "x"), (image.HasMediaKey, image.HasFileEncSha256, image.Caption));
    }

    private static Message.Types.VideoMessage Old() => new()
    {
        Url = "https://mmg.whatsapp.net/v/old",
        DirectPath = "/v/old",
        MediaKey = ByteString.CopyFrom(new byte[32]),
        MediaKeyTimestamp = 1,
        FileSha256 = ByteString.CopyFrom(9),
        FileEncSha256 = ByteString.CopyFrom(9),
        FileLength = 9,
        StreamingSidecar = ByteString.CopyFrom(9),
        ThumbnailDirectPath = "/t",
        ThumbnailSha256 = ByteString.CopyFrom(9),
        ThumbnailEncSha256 = ByteString.CopyFrom(9),
        JpegThumbnail = ByteString.CopyFrom(9),
        Caption = "see",
        Seconds = 9,
    };
}
