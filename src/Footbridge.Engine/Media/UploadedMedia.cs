namespace Footbridge.Engine.Media;

/// <summary>A file that is on WhatsApp's media host: what a message says about it.</summary>
/// <param name="Key">Empty for a file that lies there in clear, and so is <paramref name="FileEncSha256"/>.</param>
/// <param name="KeyTimestamp">When the key was made.</param>
/// <param name="Sidecar">For players of video and sound; null for other kinds.</param>
public sealed record UploadedMedia(
    byte[] Key, DateTimeOffset KeyTimestamp, string DirectPath, Uri Url, byte[] FileSha256, byte[] FileEncSha256, long Length, byte[]? Sidecar)
{
    /// <summary>What the media host calls a file that lies there in clear, for channels; null for sealed files.</summary>
    public string? Handle { get; init; }
}
