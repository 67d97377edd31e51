using Footbridge.Server.Media;

namespace Footbridge.UnitTests.Server.Media;

public sealed class WaveformTests
{
    [Fact]
    public void Bars_follow_the_loudness_and_the_loudest_is_100()
    {
        using var waveform = new Waveform();
        // A second of quiet, a second of noise.
        Write(waveform, Waveform.SampleRate, 1000, chunkBytes: 7);
        Write(waveform, Waveform.SampleRate, 10_000, chunkBytes: 4096);
        Assert.Equal(TimeSpan.FromSeconds(2), waveform.Duration);
        var bars = waveform.ToBars()!;
        Assert.Equal(64, bars.Length);
        Assert.All(bars[..31], bar => Assert.Equal(10, bar));
        Assert.All(bars[33..], bar => Assert.Equal(100, bar));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void Silence_has_no_bars(int samples)
    {
        using var waveform = new Waveform();
        Write(waveform, samples, 0, chunkBytes: 100);
        Assert.Null(waveform.ToBars());
    }

    [Fact]
    public void A_sound_shorter_than_the_bars_still_fills_them()
    {
        using var waveform = new Waveform();
        Write(waveform, 10, 500, chunkBytes: 2);
        Assert.All(waveform.ToBars()!, bar => Assert.Equal(100, bar));
    }

    private static void Write(Waveform waveform, int samples, short value, int chunkBytes)
    {
        var bytes = Enumerable.Range(0, samples).SelectMany(i => BitConverter.GetBytes((short)(i % 2 == 0 ? value : -value))).ToArray();
        foreach (var chunk in bytes.Chunk(chunkBytes)) waveform.Write(chunk);
    }
}
