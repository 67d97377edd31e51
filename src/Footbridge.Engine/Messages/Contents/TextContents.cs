using Footbridge.Protocol.Generated;
using Google.Protobuf;

namespace Footbridge.Engine.Messages.Contents;

/// <summary>What is shown of the page that a text links to.</summary>
/// <param name="Url">As it stands in the text.</param>
/// <param name="Thumbnail">A small JPEG, or null.</param>
public sealed record LinkPreview(string Url, string? Title, string? Description, byte[]? Thumbnail);

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
        }

        return new() { ExtendedTextMessage = content };
    }
}
