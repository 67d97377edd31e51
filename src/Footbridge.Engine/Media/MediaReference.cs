using Footbridge.Engine.Messages;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Media;
using Google.Protobuf;

namespace Footbridge.Engine.Media;

/// <summary>All that is needed to fetch a file from WhatsApp and to prove that it is the right one.</summary>
/// <param name="DirectPath">Path and query on any media host; begins with a slash.</param>
/// <param name="Url">A whole address, used when there is no path, and only if its host is WhatsApp's.</param>
/// <param name="Key">The 32-byte media key; empty for a file that lies there in clear, as those of channels do.</param>
/// <param name="FileSha256">Of the plain file; null is not checked.</param>
/// <param name="FileEncSha256">Of what the media host keeps; null is not checked.</param>
/// <param name="Length">Bytes of the plain file; null is not checked.</param>
public sealed record MediaReference(MediaKind Kind, string? DirectPath, Uri? Url, byte[] Key, byte[]? FileSha256, byte[]? FileEncSha256, long? Length)
{
    /// <summary>There is no key: only the hash proves the file.</summary>
    public bool IsInClear => Key.Length == 0;

    /// <summary>The file of a message, containers around it included; null when it has none that can be fetched.</summary>
    public static MediaReference? Of(Message message) => MessageContent.Unwrap(message).Attachment is not var (kind, part) ? null
        : part.MediaKey.IsEmpty ? OfClear(kind, part)
        : Of(kind, part.DirectPath, part.Url, part.MediaKey, part.FileSha256, part.FileEncSha256, part.HasFileLength ? part.FileLength : null);

    /// <summary>Part of the account's past; null when the notification carries it inline.</summary>
    public static MediaReference? Of(Message.Types.HistorySyncNotification history) =>
        Of(MediaKind.History, history.DirectPath, "", history.MediaKey, history.FileSha256, history.FileEncSha256, history.HasFileLength ? history.FileLength : null);

    /// <summary>A snapshot or a long patch of the app state; null when it lacks path or key.</summary>
    public static MediaReference? Of(ExternalBlobReference blob) =>
        Of(MediaKind.AppState, blob.DirectPath, "", blob.MediaKey, blob.FileSha256, blob.FileEncSha256, blob.HasFileSizeBytes ? blob.FileSizeBytes : null);

    private static MediaReference? OfClear(MediaKind kind, IFileMessage part) =>
        part.FileSha256.IsEmpty ? null : At(new(kind, null, null, [], part.FileSha256.ToByteArray(), null, LengthOf(part.HasFileLength ? part.FileLength : null)), part.DirectPath, part.Url);

    private static MediaReference? Of(MediaKind kind, string path, string url, ByteString key, ByteString plainHash, ByteString bodyHash, ulong? length)
    {
        if (key.Length != MediaKeys.MediaKeyBytes) return null;
        return At(new(kind, null, null, key.ToByteArray(), BytesOf(plainHash), BytesOf(bodyHash), LengthOf(length)), path, url);
    }

    /// <summary>Null when it is nowhere.</summary>
    private static MediaReference? At(MediaReference reference, string path, string url)
    {
        var address = Uri.TryCreate(url, UriKind.Absolute, out var parsed) ? parsed : null;
        return path.Length == 0 && address is null ? null : reference with { DirectPath = path.Length == 0 ? null : path, Url = address };
    }

    private static long? LengthOf(ulong? length) => length is { } known and <= long.MaxValue ? (long)known : null;

    private static byte[]? BytesOf(ByteString bytes) => bytes.IsEmpty ? null : bytes.ToByteArray();
}
