using System.Buffers;
using System.Security.Cryptography;

namespace Footbridge.Protocol.Media;

/// <summary>What a file must turn out to be; null is not checked.</summary>
public sealed record MediaExpectation(byte[]? FileSha256, byte[]? FileEncSha256, long? Length);

/// <summary>Opens a file from the media host, in memory of a fixed size. Source: docs/protocol/media.md.</summary>
public static class MediaDecryptor
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>Reads <paramref name="body"/> to its end and writes the file to <paramref name="scratch"/>; disposes neither. Gives the file's length.</summary>
    /// <remarks>
    /// The MAC stands at the end, so what is in <paramref name="scratch"/> is proved only when this returns: write to a place from which nobody
    /// reads before that, and throw it away on any exception.
    /// </remarks>
    /// <exception cref="ProtocolException">The body is cut short, or is not what was sealed, or is not what was expected.</exception>
    public static async Task<long> DecryptAsync(Stream body, Stream scratch, MediaKeys keys, MediaExpectation expected, CancellationToken ct)
    {
        using var opening = new Opening(keys);
        var input = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        var output = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            var filled = 0;
            int read;
            while ((read = await body.ReadAsync(input.AsMemory(filled, ChunkBytes - filled), ct)) > 0)
            {
                filled += read;
                var ready = Math.Max(0, filled - MediaKeys.MacBytes) / MediaKeys.BlockBytes * MediaKeys.BlockBytes;
                if (ready == 0) continue;
                await scratch.WriteAsync(output.AsMemory(0, opening.Add(input, ready, output)), ct);
                input.AsSpan(ready, filled - ready).CopyTo(input);
                filled -= ready;
            }

            await scratch.WriteAsync(opening.Finish(input.AsSpan(0, filled), expected), ct);
            return opening.Length;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(output.AsSpan(0, ChunkBytes));
            ArrayPool<byte>.Shared.Return(input);
            ArrayPool<byte>.Shared.Return(output);
        }
    }

    private sealed class Opening(MediaKeys keys) : IDisposable
    {
        private readonly Aes _aes = keys.CreateCipher();
        private readonly IncrementalHash _mac = keys.CreateMac();
        private readonly IncrementalHash _plainHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly IncrementalHash _bodyHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private ICryptoTransform? _cipher;
        private bool _hasBlocks;

        public long Length { get; private set; }

        private ICryptoTransform Cipher => _cipher ??= _aes.CreateDecryptor();

        /// <summary>A whole number of blocks; gives how many bytes came out (the last block stays inside: it may be padding).</summary>
        public int Add(byte[] sealedBytes, int count, byte[] plain)
        {
            _hasBlocks = true;
            _mac.AppendData(sealedBytes, 0, count);
            _bodyHash.AppendData(sealedBytes, 0, count);
            var opened = Cipher.TransformBlock(sealedBytes, 0, count, plain, 0);
            Take(plain.AsSpan(0, opened));
            return opened;
        }

        public byte[] Finish(ReadOnlySpan<byte> rest, MediaExpectation expected)
        {
            if (!_hasBlocks || rest.Length != MediaKeys.MacBytes) throw new ProtocolException("the media file is cut short");
            _bodyHash.AppendData(rest);
            if (!CryptographicOperations.FixedTimeEquals(_mac.GetHashAndReset().AsSpan(0, MediaKeys.MacBytes), rest)) throw new ProtocolException("the media file's MAC is wrong");
            Require(expected.FileEncSha256, _bodyHash, "the sealed media file");
            var last = LastBlock();
            Take(last);
            Require(expected.FileSha256, _plainHash, "the media file");
            if (expected.Length is { } length && length != Length) throw new ProtocolException($"the media file has {Length} bytes, not {length}");
            return last;
        }

        public void Dispose()
        {
            _cipher?.Dispose();
            _aes.Dispose();
            _mac.Dispose();
            _plainHash.Dispose();
            _bodyHash.Dispose();
        }

        private byte[] LastBlock()
        {
            try
            {
                return Cipher.TransformFinalBlock([], 0, 0);
            }
            catch (CryptographicException e)
            {
                throw new ProtocolException("the media file's padding is wrong", e);
            }
        }

        private void Take(ReadOnlySpan<byte> plain)
        {
            _plainHash.AppendData(plain);
            Length += plain.Length;
        }

        private static void Require(byte[]? expected, IncrementalHash hash, string what)
        {
            if (expected is not null && !CryptographicOperations.FixedTimeEquals(hash.GetHashAndReset(), expected)) throw new ProtocolException($"{what} has another hash than its message says");
        }
    }
}
