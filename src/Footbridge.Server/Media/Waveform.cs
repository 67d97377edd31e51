using System.Runtime.InteropServices;

namespace Footbridge.Server.Media;

/// <summary>The bars of a voice message and its length, from its samples as they come: 16-bit mono, at <see cref="SampleRate"/>.</summary>
internal sealed class Waveform : Stream
{
    public const int SampleRate = 8000;

    /// <summary>Bars that WhatsApp shows.</summary>
    private const int Bars = 64;
    private const int MaxValue = 100;

    /// <summary>Samples to one loudness value: 50 ms.</summary>
    private const int WindowSamples = SampleRate / 20;
    private readonly List<double> _loudness = [];
    private long _samples;
    private double _sum;
    private int _inWindow;
    private byte? _half;

    public TimeSpan Duration => TimeSpan.FromSeconds((double)_samples / SampleRate);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _samples * sizeof(short);

    public override long Position
    {
        get => Length;
        set => throw new NotSupportedException();
    }

    /// <summary>64 values of 0 to 100, the loudest part 100; null when there is no sound at all.</summary>
    public byte[]? ToBars()
    {
        if (_inWindow > 0) EndWindow();
        if (_loudness.Count == 0 || _loudness.Max() is not (> 0 and var loudest)) return null;
        var bars = new byte[Bars];
        for (var i = 0; i < Bars; i++)
        {
            var (from, to) = (i * _loudness.Count / Bars, Math.Max((i + 1) * _loudness.Count / Bars, i * _loudness.Count / Bars + 1));
            bars[i] = (byte)Math.Round(_loudness.Take(from..to).Average() / loudest * MaxValue);
        }

        return bars;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_half is { } first && buffer.Length > 0)
        {
            Take((short)(first | buffer[0] << 8));
            _half = null;
            buffer = buffer[1..];
        }

        foreach (var sample in MemoryMarshal.Cast<byte, short>(buffer[..(buffer.Length & ~1)])) Take(sample);
        if (buffer.Length % 2 == 1) _half = buffer[^1];
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Take(short sample)
    {
        _samples++;
        _sum += (double)sample * sample;
        if (++_inWindow == WindowSamples) EndWindow();
    }

    private void EndWindow()
    {
        _loudness.Add(Math.Sqrt(_sum / _inWindow));
        (_sum, _inWindow) = (0, 0);
    }
}
