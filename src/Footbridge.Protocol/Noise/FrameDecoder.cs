using System.Buffers;

namespace Footbridge.Protocol.Noise;

/// <summary>Cuts a byte stream into frames, however the bytes arrive: many frames at once, or one byte at a time.</summary>
/// <remarks>Holds no buffer between frames, so an idle connection costs nothing. Not thread-safe.</remarks>
public sealed class FrameDecoder
{
    private byte[] _buffer = [];
    private int _start;
    private int _end;

    /// <summary>Bytes that have arrived and belong to no whole frame yet.</summary>
    public int PendingBytes => _end - _start;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        MakeRoom(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>The next whole frame's body, which may be empty.</summary>
    public bool TryRead(out byte[] frame)
    {
        frame = [];
        if (PendingBytes < FrameEncoder.HeaderBytes) return false;
        var header = _buffer.AsSpan(_start, FrameEncoder.HeaderBytes);
        var length = header[0] << 16 | header[1] << 8 | header[2];
        if (PendingBytes < FrameEncoder.HeaderBytes + length) return false;
        frame = _buffer.AsSpan(_start + FrameEncoder.HeaderBytes, length).ToArray();
        _start += FrameEncoder.HeaderBytes + length;
        if (_start == _end) Release();
        return true;
    }

    private void MakeRoom(int count)
    {
        if (_end + count <= _buffer.Length) return;
        var pending = PendingBytes;
        var larger = pending + count <= _buffer.Length ? _buffer : ArrayPool<byte>.Shared.Rent(Math.Max(pending + count, pending * 2));
        _buffer.AsSpan(_start, pending).CopyTo(larger);
        if (larger != _buffer && _buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start, _end) = (larger, 0, pending);
    }

    private void Release()
    {
        (_start, _end) = (0, 0);
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
