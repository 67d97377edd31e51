using System.IO.Compression;
using Footbridge.Protocol;
using Google.Protobuf;

namespace Footbridge.Engine.History;

/// <summary>The outermost fields of a compressed protobuf message, one at a time, inflated as they are read. Nothing is allocated for a length that no bytes back.</summary>
internal sealed class HistoryFields(Stream compressed, long maxBytes) : IDisposable
{
    /// <summary>Most fields; a history of many people has some ten thousand.</summary>
    public const int MaxFields = 1_000_000;

    private const int ChunkBytes = 16 * 1024;
    private readonly ZLibStream _zlib = new(compressed, CompressionMode.Decompress, leaveOpen: true);
    private readonly byte[] _chunk = new byte[ChunkBytes];
    private readonly MemoryStream _part = new();
    private int _at;
    private int _filled;
    private long _total;
    private int _count;

    /// <summary>The next field with a length that is wanted, or null at the end; its content holds until the next call.</summary>
    /// <param name="limitOf">How many bytes a field may have, by its number; null for one that is not wanted.</param>
    /// <exception cref="ProtocolException">It cannot be inflated, is no message, or is too large.</exception>
    public (int Number, ReadOnlyMemory<byte> Content)? Next(Func<int, int?> limitOf)
    {
        while (TryReadByte() is { } first)
        {
            var tag = (uint)ReadVarint(first);
            var (number, length) = (WireFormat.GetTagFieldNumber(tag), LengthOf(tag));
            if (number == 0) throw new ProtocolException("a history with a field that has no number");
            if (++_count > MaxFields) throw new ProtocolException("a history of too many parts");
            if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited && limitOf(number) is { } limit) return (number, Read(length, limit));
            Pass(length, into: null);
        }

        return null;
    }

    public void Dispose()
    {
        _zlib.Dispose();
        _part.Dispose();
    }

    private long LengthOf(uint tag)
    {
        switch (WireFormat.GetTagWireType(tag))
        {
            case WireFormat.WireType.Varint:
                ReadVarint(ReadByte());
                return 0;
            case WireFormat.WireType.Fixed32: return sizeof(uint);
            case WireFormat.WireType.Fixed64: return sizeof(ulong);
            case WireFormat.WireType.LengthDelimited: return ReadVarint(ReadByte()) is var length && length <= (ulong)maxBytes ? (long)length : throw TooLarge();
            default: throw new ProtocolException("a history with a field of an unknown kind");
        }
    }

    private ReadOnlyMemory<byte> Read(long length, int limit)
    {
        if (length > limit) throw TooLarge();
        _part.SetLength(0);
        Pass(length, _part);
        return _part.GetBuffer().AsMemory(0, (int)_part.Length);
    }

    private void Pass(long length, MemoryStream? into)
    {
        while (length > 0)
        {
            if (_at == _filled && !Fill()) throw new ProtocolException("a history that is cut short");
            var count = (int)Math.Min(length, _filled - _at);
            into?.Write(_chunk, _at, count);
            (_at, length) = (_at + count, length - count);
        }
    }

    private ulong ReadVarint(byte first)
    {
        var (value, shift, next) = ((ulong)(first & 0x7F), 7, first);
        for (; (next & 0x80) != 0; shift += 7)
        {
            if (shift > 63) throw new ProtocolException("a history with a number that is too long");
            next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
        }

        return value;
    }

    private byte ReadByte() => TryReadByte() ?? throw new ProtocolException("a history that is cut short");

    private byte? TryReadByte() => _at < _filled || Fill() ? _chunk[_at++] : null;

    private bool Fill()
    {
        try
        {
            (_at, _filled) = (0, _zlib.Read(_chunk));
        }
        catch (Exception e) when (e is InvalidOperationException || Inflation.IsFailure(e))
        {
            throw new ProtocolException("a history that cannot be inflated", e);
        }

        _total += _filled;
        return _total <= maxBytes ? _filled > 0 : throw TooLarge();
    }

    private static ProtocolException TooLarge() => new("a history, or a part of one, that is too large");
}
