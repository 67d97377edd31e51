using Footbridge.Engine.Media;
using Footbridge.Protocol.Generated;
using Google.Protobuf;

namespace Footbridge.Engine.Messages.Contents;

/// <summary>What is shown of the page that a text links to.</summary>
/// <param name="Url">As it stands in the text.</param>
/// <param name="Thumbnail">A small JPEG, or null.</param>
public sealed record LinkPreview(string Url, string? Title, string? Description, byte[]? Thumbnail)
{
    /// <summary>A large picture, for phones to fetch; null when there is none.</summary>
    public LinkPicture? Picture { get; init; }
}

/// <summary>A JPEG that was uploaded as <see cref="Footbridge.Protocol.Media.MediaKind.LinkThumbnail"/>.</summary>
/// <param name="Width">Pixels; null when not known.</param>
/// <param name="Height">Pixels; null when not known.</param>
public sealed record LinkPicture(UploadedMedia Media, uint? Width, uint? Height);

/// <summary>Texts. Source: docs/protocol/message-kinds.md.</summary>
public static class TextContents
{
    /// <summary>Largest thumbnail that goes into the message itself.</summary>
    public const int MaxThumbnailBytes = 64 * 1024;

    public static Message Text(string text, MessageContext? context = null, LinkPreview? preview = null)
    {
        var content = new Message.Types.ExtendedTextMessage { Text = text, ContextInfo = context?.Build() };
        if (preview is not null)
        {
            content.MatchedText = preview.Url;
            if (preview.Title is { } title) content.Title = title;
            if (preview.Description is { } description) content.Description = description;
            content.PreviewType = Message.Types.ExtendedTextMessage.Types.PreviewType.None;
            if (preview.Thumbnail is { Length: > 0 and <= MaxThumbnailBytes } thumbnail) content.JpegThumbnail = ByteString.CopyFrom(thumbnail);
            if (preview.Picture is { } picture) Place(picture, content);
        }

        return new() { ExtendedTextMessage = content };
    }

    private static void Place(LinkPicture picture, Message.Types.ExtendedTextMessage content)
    {
        var media = picture.Media;
        content.ThumbnailDirectPath = media.DirectPath;
        content.ThumbnailSha256 = ByteString.CopyFrom(media.FileSha256);
        content.ThumbnailEncSha256 = ByteString.CopyFrom(media.FileEncSha256);
        content.MediaKey = ByteString.CopyFrom(media.Key);
        content.MediaKeyTimestamp = media.KeyTimestamp.ToUnixTimeSeconds();
        if (picture.Width is { } width) content.ThumbnailWidth = width;
        if (picture.Height is { } height) content.ThumbnailHeight = height;
    }
}
