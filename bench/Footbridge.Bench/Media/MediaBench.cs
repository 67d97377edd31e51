using System.Diagnostics;
using System.Security.Cryptography;
using Footbridge.Protocol.Media;

namespace Footbridge.Bench.Media;

/// <summary>Sealing and opening files, beside what AES-256-CBC and HMAC-SHA256 alone take of this machine.</summary>
internal static class MediaBench
{
    private const int ChunkBytes = 64 * 1024;
    private const int SmallRuns = 2000;
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(MediaKeys.MediaKeyBytes);

    public static async Task<int> RunAsync()
    {
        const long Large = 100_000_000;
        var path = Path.GetTempFileName();
        try
        {
            await MeasureAsync(1_000_000, path, 3);
            var limit = (Encrypt: Limit(Large, isEncrypting: true), Decrypt: Limit(Large, isEncrypting: false));
            Console.WriteLine($"AES-256-CBC + HMAC-SHA256 alone: {limit.Encrypt:N0} MB/s sealing, {limit.Decrypt:N0} MB/s opening");
            Console.WriteLine("bytes | seal MB/s | of the limit | open MB/s | of the limit | allocated bytes, both | working set MB, peak");
            foreach (var (bytes, runs) in new[] { (1L, SmallRuns), (1_000_000L, 50), (Large, 1) })
            {
                var (seal, open, allocated) = await MeasureAsync(bytes, path, runs);
                Console.WriteLine($"{bytes:N0} | {seal:N2} | {seal / limit.Encrypt:P0} | {open:N2} | {open / limit.Decrypt:P0} | {allocated:N0} | {PeakMegabytes():N0}");
            }

            return 0;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task<(double Seal, double Open, long Allocated)> MeasureAsync(long bytes, string path, int runs)
    {
        var (sealing, opening, allocated) = (TimeSpan.Zero, TimeSpan.Zero, GC.GetTotalAllocatedBytes(precise: true));
        for (var run = 0; run < runs; run++)
        {
            using var keys = new MediaKeys(Key, MediaKind.Video);
            await using var body = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, ChunkBytes, FileOptions.Asynchronous);
            var began = Stopwatch.GetTimestamp();
            var sealedMedia = await MediaEncryptor.EncryptAsync(new Zeros(bytes), body, keys, withSidecar: false, CancellationToken.None);
            sealing += Stopwatch.GetElapsedTime(began);
            body.Position = 0;
            began = Stopwatch.GetTimestamp();
            await MediaDecryptor.DecryptAsync(body, Stream.Null, keys, new(sealedMedia.FileSha256, sealedMedia.FileEncSha256, bytes), CancellationToken.None);
            opening += Stopwatch.GetElapsedTime(began);
        }

        var megabytes = bytes * runs / 1e6;
        return (megabytes / sealing.TotalSeconds, megabytes / opening.TotalSeconds, (GC.GetTotalAllocatedBytes(precise: true) - allocated) / runs);
    }

    private static double Limit(long bytes, bool isEncrypting)
    {
        using var aes = Aes.Create();
        using var cipher = isEncrypting ? aes.CreateEncryptor() : aes.CreateDecryptor();
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Key);
        var (input, output) = (new byte[ChunkBytes], new byte[ChunkBytes]);
        var began = Stopwatch.GetTimestamp();
        for (var done = 0L; done < bytes; done += ChunkBytes)
        {
            cipher.TransformBlock(input, 0, ChunkBytes, output, 0);
            mac.AppendData(isEncrypting ? output : input);
        }

        mac.GetHashAndReset();
        return bytes / 1e6 / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static double PeakMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1e6;
    }

    /// <summary>A file of any length that takes no memory.</summary>
    private sealed class Zeros(long length) : Stream
    {
        private long _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length { get; } = length;

        public override long Position
        {
            get => Length - _left;
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Min(_left, buffer.Length);
            buffer.Span[..count].Clear();
            _left -= count;
            return ValueTask.FromResult(count);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
