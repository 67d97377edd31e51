using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Media;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api.Chatting;

/// <summary>Pictures of previews: a small one in the message itself, and a large one on WhatsApp's media hosts.</summary>
internal sealed class LinkPictures(Transcoder transcoder, ILogger<LinkPictures> logger)
{
    private const int MaxAsItIsBytes = 1024 * 1024;

    /// <summary>The preview with a picture, as far as one can be made of the file; what cannot be done is logged, and the preview goes without it.</summary>
    /// <param name="isLarge">Whether the picture is uploaded as well. Not for channels, where everything is in clear.</param>
    public async Task<LinkPreview> AddAsync(LinkPreview preview, OutgoingFile given, Session live, Jid chat, bool isLarge, CancellationToken ct)
    {
        using var file = await AsJpegAsync(given, ct);
        if (file is null) return preview;
        var details = await transcoder.DescribeAsync(file, ct, isStrangers: true);
        preview = preview with { Thumbnail = new FileInfo(file.Path).Length <= TextContents.MaxThumbnailBytes ? await File.ReadAllBytesAsync(file.Path, ct) : details.Thumbnail };
        if (!isLarge || chat.Server == JidServer.Newsletter) return preview;
        try
        {
            await using var plain = file.Open();
            return preview with { Picture = new(await live.Client.Media.UploadAsync(MediaKind.LinkThumbnail, plain, ct), details.Width, details.Height) };
        }
        catch (Exception e) when (e is MediaFailedException or NotOnlineException)
        {
            logger.PreviewFailed(e.Message);
            return preview;
        }
    }

    /// <summary>A JPEG that is not large stays as it is; null when the file shows nothing that can be read, or ffmpeg is not there.</summary>
    private async Task<OutgoingFile?> AsJpegAsync(OutgoingFile file, CancellationToken ct)
    {
        if (new FileInfo(file.Path).Length <= MaxAsItIsBytes && MimeTypes.Detect(await HeadAsync(file, ct)) == "image/jpeg") return Copy(file);
        try
        {
            return await transcoder.ToLinkPictureAsync(file, ct);
        }
        catch (FfmpegException e)
        {
            logger.PreviewFailed(e.Message);
            return null;
        }
    }

    private static async Task<byte[]> HeadAsync(OutgoingFile file, CancellationToken ct)
    {
        await using var stream = file.Open();
        var head = new byte[MimeTypes.HeadBytes];
        return head[..await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, ct)];
    }

    /// <summary>A file of its own, since both are deleted.</summary>
    private static OutgoingFile Copy(OutgoingFile file)
    {
        var copy = file with { Path = file.Path + ".jpeg", Mimetype = "image/jpeg" };
        File.Copy(file.Path, copy.Path);
        return copy;
    }
}
