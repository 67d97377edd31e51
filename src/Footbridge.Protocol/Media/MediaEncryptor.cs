using System.Buffers;
using System.Security.Cryptography;

namespace Footbridge.Protocol.Media;

/// <summary>What a message says about its file, known once the file is sealed.</summary>
/// <param name="FileSha256">Of the plain file.</param>
/// <param name="FileEncSha256">Of the body that the media host keeps; also its name there.</param>
/// <param name="Length">Bytes of the plain file.</param>
/// <param name="BodyLength">Bytes of the body.</param>
/// <param name="Sidecar">MACs of windows, for players; null when not asked for.</param>
public sealed record SealedMedia(byte[] FileSha256, byte[] FileEncSha256, long Length, long BodyLength, byte[]? Sidecar);

/// <summary>Seals a file for the media host, in memory of a fixed size. Source: docs/protocol/media.md.</summary>
public static class MediaEncryptor
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Reads <paramref name="plain"/> to its end and writes ciphertext and MAC to <paramref name="body"/>; disposes neither.</summary>
    public static async Task<SealedMedia> EncryptAsync(Stream plain, Stream body, MediaKeys keys, bool withSidecar, CancellationToken ct)
    {
        using var sealing = new Sealing(keys, withSidecar);
        var input = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        var output = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            int read;
            while ((read = await plain.ReadAtLeastAsync(input.AsMemory(0, ChunkBytes), ChunkBytes, throwOnEndOfStream: false, ct)) == ChunkBytes)
            {
                sealing.Add(input, output, ChunkBytes);
                await body.WriteAsync(output.AsMemory(0, ChunkBytes), ct);
            }

            await body.WriteAsync(sealing.Finish(input, read), ct);
            return sealing.Summary;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(input.AsSpan(0, ChunkBytes));
            ArrayPool<byte>.Shared.Return(input);
            ArrayPool<byte>.Shared.Return(output);
        }
    }

    private sealed class Sealing(MediaKeys keys, bool withSidecar) : IDisposable
    {
        private readonly Aes _aes = keys.CreateCipher();
        private readonly IncrementalHash _mac = keys.CreateMac();
        private readonly IncrementalHash _plainHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly IncrementalHash _bodyHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly StreamingSidecar? _sidecar = withSidecar ? new(keys) : null;
        private ICryptoTransform? _cipher;
        private long _length;
        private long _bodyLength;

        public SealedMedia Summary => new(_plainHash.GetHashAndReset(), _bodyHash.GetHashAndReset(), _length, _bodyLength, _sidecar?.Finish());

        private ICryptoTransform Cipher => _cipher ??= _aes.CreateEncryptor();

        /// <summary>A whole number of blocks.</summary>
        public void Add(byte[] plain, byte[] sealedBytes, int count)
        {
            Take(plain.AsSpan(0, count));
            Cipher.TransformBlock(plain, 0, count, sealedBytes, 0);
            Keep(sealedBytes.AsSpan(0, count));
        }

        /// <summary>The rest of the file; gives the end of the body, MAC included.</summary>
        public byte[] Finish(byte[] plain, int count)
        {
            Take(plain.AsSpan(0, count));
            var last = Cipher.TransformFinalBlock(plain, 0, count);
            _mac.AppendData(last);
            byte[] end = [.. last, .. _mac.GetHashAndReset().AsSpan(0, MediaKeys.MacBytes)];
            Hash(end);
            return end;
        }

        public void Dispose()
        {
            _cipher?.Dispose();
            _aes.Dispose();
            _mac.Dispose();
            _plainHash.Dispose();
            _bodyHash.Dispose();
            _sidecar?.Dispose();
        }

        private void Take(ReadOnlySpan<byte> plain)
        {
            _plainHash.AppendData(plain);
            _length += plain.Length;
        }

        private void Keep(ReadOnlySpan<byte> sealedBytes)
        {
            _mac.AppendData(sealedBytes);
            Hash(sealedBytes);
        }

        private void Hash(ReadOnlySpan<byte> body)
        {
            _bodyHash.AppendData(body);
            _sidecar?.Append(body);
            _bodyLength += body.Length;
        }
    }
}
