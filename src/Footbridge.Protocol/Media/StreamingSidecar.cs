using System.Buffers;
using System.Security.Cryptography;

namespace Footbridge.Protocol.Media;

/// <summary>MACs of overlapping windows of a sealed file, with which a player can check a part before it has the whole. Source: docs/protocol/media.md.</summary>
internal sealed class StreamingSidecar : IDisposable
{
    private const int StepBytes = 65536;
    private const int OverlapBytes = 16;
    private const int WindowBytes = StepBytes + OverlapBytes;
    private readonly byte[] _macKey;
    private readonly byte[] _window = ArrayPool<byte>.Shared.Rent(WindowBytes);
    private readonly MemoryStream _macs = new();
    private int _filled;

    public StreamingSidecar(MediaKeys keys)
    {
        _macKey = keys.MacKey.ToArray();
        Append(keys.Iv);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var part = bytes[..Math.Min(bytes.Length, WindowBytes - _filled)];
            part.CopyTo(_window.AsSpan(_filled));
            _filled += part.Length;
            bytes = bytes[part.Length..];
            if (_filled < WindowBytes) continue;
            Emit();
            _window.AsSpan(StepBytes, OverlapBytes).CopyTo(_window);
            _filled = OverlapBytes;
        }
    }

    /// <summary>The last, shorter window (of only the overlap when the file ends with a window), and all of them.</summary>
    public byte[] Finish()
    {
        Emit();
        return _macs.ToArray();
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_macKey);
        ArrayPool<byte>.Shared.Return(_window);
        _macs.Dispose();
    }

    private void Emit()
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_macKey, _window.AsSpan(0, _filled), mac);
        _macs.Write(mac[..MediaKeys.MacBytes]);
    }
}
