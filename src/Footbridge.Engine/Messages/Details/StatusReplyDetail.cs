using Footbridge.Engine.Media;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Media;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Messages.Details;

/// <summary>What a story shows.</summary>
public enum StatusKind
{
    Unknown,
    Text,
    Image,
    Video,
    Audio,
}

/// <summary>The message answers a story.</summary>
/// <param name="StatusId">The story's message id.</param>
/// <param name="Author">Whose story it is.</param>
/// <param name="Text">The story's text or caption.</param>
/// <param name="Media">The story's file, as far as the answer still carries where it is.</param>
/// <param name="Thumbnail">A small JPEG.</param>
public sealed record StatusReplyDetail(string StatusId, Jid? Author, StatusKind Kind, string? Text, MediaReference? Media, byte[]? Thumbnail) : MessageDetail
{
    internal static StatusReplyDetail? Of(Message content)
    {
        if (ContextInfos.Find(content) is not { StanzaId.Length: > 0 } context || !Jid.TryParse(context.RemoteJid, out var chat) || chat != Jid.Status) return null;
        var quoted = MessageContent.Unwrap(context.QuotedMessage ?? new Message());
        return new(context.StanzaId, Texts.Address(context.Participant), KindOf(quoted), TextOf(quoted), MediaReference.Of(quoted), ThumbnailOf(quoted));
    }

    private static StatusKind KindOf(Message quoted) => quoted.Attachment switch
    {
        (var kind, _) when kind == MediaKind.Image || kind == MediaKind.Sticker => StatusKind.Image,
        (var kind, _) when kind == MediaKind.Video => StatusKind.Video,
        (var kind, _) when kind == MediaKind.Audio => StatusKind.Audio,
        _ => TextOf(quoted) is null ? StatusKind.Unknown : StatusKind.Text,
    };

    private static string? TextOf(Message quoted) => Texts.Filled(
        quoted.HasConversation ? quoted.Conversation : quoted.ExtendedTextMessage?.Text ?? quoted.ImageMessage?.Caption ?? quoted.VideoMessage?.Caption);

    private static byte[]? ThumbnailOf(Message quoted) =>
        quoted.ImageMessage is { } image ? Texts.Filled(image.JpegThumbnail) : quoted.VideoMessage is { } video ? Texts.Filled(video.JpegThumbnail) : null;
}
