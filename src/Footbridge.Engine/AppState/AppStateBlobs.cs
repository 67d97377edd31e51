using Footbridge.Engine.Media;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Google.Protobuf;

namespace Footbridge.Engine.AppState;

/// <summary>Snapshots and long patches, which lie on the media hosts.</summary>
internal sealed class AppStateBlobs(MediaFeature media)
{
    /// <summary>Largest blob taken in: some hundred thousand contacts.</summary>
    private const int MaxBytes = 128 * 1024 * 1024;

    /// <exception cref="MediaFailedException">It could not be fetched.</exception>
    /// <exception cref="ProtocolException">It is no such message, or too large.</exception>
    public async Task<T> ReadAsync<T>(MessageParser<T> parser, ExternalBlobReference blob, CancellationToken ct) where T : IMessage<T>
    {
        var reference = MediaReference.Of(blob) ?? throw new ProtocolException("a blob of the app state without path or key");
        if (reference.Length > MaxBytes) throw new ProtocolException($"a blob of the app state of {reference.Length} bytes");
        using var bytes = new MemoryStream();
        await media.DownloadAsync(reference, bytes, ct);
        if (bytes.Length > MaxBytes) throw new ProtocolException($"a blob of the app state of {bytes.Length} bytes");
        return Protobuf.Parse(parser, bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }
}
