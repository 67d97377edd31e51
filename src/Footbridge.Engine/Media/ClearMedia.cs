using System.Security.Cryptography;
using Footbridge.Protocol;
using Footbridge.Protocol.Media;

namespace Footbridge.Engine.Media;

/// <summary>Files in clear, as channels have them. Source: docs/protocol/channels.md.</summary>
internal static class ClearMedia
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>Copies to the end; gives the hash and the number of bytes.</summary>
    public static async Task<(byte[] Sha256, long Length)> CopyAsync(Stream from, Stream to, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        long length = 0;
        while (await from.ReadAsync(buffer, ct) is > 0 and var read)
        {
            length += read;
            hash.AppendData(buffer.AsSpan(0, read));
            await to.WriteAsync(buffer.AsMemory(0, read), ct);
        }

        return (hash.GetHashAndReset(), length);
    }

    /// <summary>The same, and checks the copy; what was written is to be thrown away on any exception.</summary>
    /// <exception cref="ProtocolException">It is not what was expected.</exception>
    public static async Task<long> CopyAsync(Stream from, Stream to, MediaExpectation expected, CancellationToken ct)
    {
        var (hash, length) = await CopyAsync(from, to, ct);
        if (expected.FileSha256 is not { } sha256 || !sha256.AsSpan().SequenceEqual(hash)) throw new ProtocolException("the media file has another hash than its message says");
        if (expected.Length is { } told && told != length) throw new ProtocolException($"the media file has {length} bytes, not {told}");
        return length;
    }
}
