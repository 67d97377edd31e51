using Footbridge.Protocol.Media;
using Google.Protobuf;

namespace Footbridge.Protocol.Generated;

/// <summary>The fields that all messages with a file share. Source: docs/protocol/media.md.</summary>
public interface IFileMessage
{
    string Url { get; set; }

    string DirectPath { get; set; }

    ByteString MediaKey { get; set; }

    /// <summary>Unix seconds.</summary>
    long MediaKeyTimestamp { get; set; }

    ByteString FileSha256 { get; set; }

    ByteString FileEncSha256 { get; set; }

    /// <summary>Bytes of the plain file.</summary>
    ulong FileLength { get; set; }

    bool HasFileLength { get; }

    string Mimetype { get; set; }

    ContextInfo ContextInfo { get; set; }
}

public sealed partial class Message
{
    /// <summary>The part with the file and the file's kind; null when there is none. Looks into no container.</summary>
    public (MediaKind Kind, IFileMessage Part)? Attachment =>
        ImageMessage is { } image ? (MediaKind.Image, image)
        : (VideoMessage ?? PtvMessage) is { } video ? (MediaKind.Video, video)
        : AudioMessage is { } audio ? (MediaKind.Audio, audio)
        : DocumentMessage is { } document ? (MediaKind.Document, document)
        : StickerMessage is { } sticker ? (MediaKind.Sticker, sticker)
        : null;

    public static partial class Types
    {
        public sealed partial class ImageMessage : IFileMessage;

        public sealed partial class VideoMessage : IFileMessage;

        public sealed partial class AudioMessage : IFileMessage;

        public sealed partial class DocumentMessage : IFileMessage;

        public sealed partial class StickerMessage : IFileMessage;
    }
}
