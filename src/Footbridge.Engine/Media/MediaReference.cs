using Footbridge.Engine.Messages;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Media;
using Google.Protobuf;

namespace Footbridge.Engine.Media;

/// <summary>All that is needed to fetch a file from WhatsApp and to prove that it is the right one.</summary>
/// <param name="DirectPath">Path and query on any media host; begins with a slash.</param>
/// <param name="Url">A whole address, used when there is no path, and only if its host is WhatsApp's.</param>
/// <param name="Key">The 32-byte media key.</param>
/// <param name="FileSha256">Of the plain file; null is not checked.</param>
/// <param name="FileEncSha256">Of what the media host keeps; null is not checked.</param>
/// <param name="Length">Bytes of the plain file; null is not checked.</param>
public sealed record MediaReference(MediaKind Kind, string? DirectPath, Uri? Url, byte[] Key, byte[]? FileSha256, byte[]? FileEncSha256, long? Length)
{
    /// <summary>The file of a message, containers around it included; null when it has none that can be fetched.</summary>
    public static MediaReference? Of(Message message) => MessageContent.Unwrap(message).Attachment is var (kind, part)
        ? Of(kind, part.DirectPath, part.Url, part.MediaKey, part.FileSha256, part.FileEncSha256, part.HasFileLength ? part.FileLength : null)
        : null;

    /// <summary>Part of the account's past; null when the notification carries it inline.</summary>
    public static MediaReference? Of(Message.Types.HistorySyncNotification history) =>
        Of(MediaKind.History, history.DirectPath, "", history.MediaKey, history.FileSha256, history.FileEncSha256, history.HasFileLength ? history.FileLength : null);

    /// <summary>A snapshot or a long patch of the app state; null when it lacks path or key.</summary>
    public static MediaReference? Of(ExternalBlobReference blob) =>
        Of(MediaKind.AppState, blob.DirectPath, "", blob.MediaKey, blob.FileSha256, blob.FileEncSha256, blob.HasFileSizeBytes ? blob.FileSizeBytes : null);

    private static MediaReference? Of(MediaKind kind, string path, string url, ByteString key, ByteString plainHash, ByteString bodyHash, ulong? length)
    {
        if (key.Length != MediaKeys.MediaKeyBytes) return null;
        var address = Uri.TryCreate(url, UriKind.Absolute, out var parsed) ? parsed : null;
        if (path.Length == 0 && address is null) return null;
        return new(kind, path.Length == 0 ? null : path, address, key.ToByteArray(), BytesOf(plainHash), BytesOf(bodyHash), length is { } l and <= long.MaxValue ? (long)l : null);
    }

    private static byte[]? BytesOf(ByteString bytes) => bytes.IsEmpty ? null : bytes.ToByteArray();
}
