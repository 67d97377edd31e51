using System.Buffers.Binary;

namespace Footbridge.Bench.Hostile;

/// <summary>Hostile inputs made from valid samples. Seed, samples and index decide an input, so one that breaks a parser can be made again.</summary>
/// <param name="special">Makes what only this format knows: deep nesting, bombs, forged parts.</param>
/// <param name="restructure">Changes a sample's structure, with another sample to take parts from; half of all mutations are then of this kind.</param>
internal sealed class InputMaker(int seed, IReadOnlyList<byte[]> samples, Func<Random, byte[]> special, Func<Random, byte[], byte[], byte[]>? restructure = null)
{
    private const int MaxRandomBytes = 512;
    private const int MaxRepeats = 64;
    private const int MaxBytes = 256 * 1024;
    private const int PlainKinds = 9;
    private static readonly byte[][] Lengths =
    [
        [0xFF], [0x7F], [0x80], [0x00], [0xFF, 0xFF], [0x7F, 0xFF, 0xFF, 0xFF], [0x80, 0x00, 0x00, 0x00], [0xFF, 0xFF, 0xFF, 0xFF],
        [0xFF, 0xFF, 0xFF, 0xFF, 0x07], [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
    ];

    /// <summary>How many of the first inputs are the samples cut at each of their bytes, the whole sample last.</summary>
    public int Cuts { get; } = samples.Sum(sample => sample.Length + 1);

    public byte[] Make(int index)
    {
        if (index < Cuts) return Cut(index);
        var random = new Random(Mix(index));
        var input = Mutate(random, samples[random.Next(samples.Count)]);
        while (random.Next(4) == 0 && input.Length is > 0 and < MaxBytes) input = Mutate(random, input);
        return input;
    }

    private byte[] Cut(int index)
    {
        foreach (var sample in samples)
        {
            if (index <= sample.Length) return sample[..index];
            index -= sample.Length + 1;
        }

        throw new ArgumentOutOfRangeException(nameof(index));
    }

    private byte[] Mutate(Random random, byte[] sample) => random.Next(restructure is null ? PlainKinds : 2 * PlainKinds) switch
    {
        0 => special(random),
        1 => RandomBytes(random, random.Next(MaxRandomBytes)),
        2 => Splice(random, sample, samples[random.Next(samples.Count)]),
        3 => [.. sample.AsSpan(0, random.Next(sample.Length + 1)), .. RandomBytes(random, random.Next(32))],
        4 => Repeat(random, sample),
        5 => Insert(random, sample, RandomBytes(random, random.Next(1, 9))),
        6 => Overwrite(random, sample, Lengths[random.Next(Lengths.Length)]),
        7 => Overwrite(random, sample, RandomBytes(random, random.Next(1, 6))),
        8 => FlipBits(random, sample),
        _ => restructure!(random, sample, samples[random.Next(samples.Count)]) is { Length: <= MaxBytes } other ? other : sample,
    };

    private static byte[] FlipBits(Random random, byte[] sample)
    {
        var bad = sample.ToArray();
        for (var n = bad.Length == 0 ? 0 : random.Next(1, 9); n > 0; n--) bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
        return bad;
    }

    private static byte[] Overwrite(Random random, byte[] sample, byte[] with)
    {
        var bad = sample.ToArray();
        var at = random.Next(bad.Length + 1);
        with.AsSpan(0, Math.Min(with.Length, bad.Length - at)).CopyTo(bad.AsSpan(at));
        return bad;
    }

    private static byte[] Insert(Random random, byte[] sample, byte[] part)
    {
        var at = random.Next(sample.Length + 1);
        return [.. sample.AsSpan(0, at), .. part, .. sample.AsSpan(at)];
    }

    private static byte[] Splice(Random random, byte[] head, byte[] tail) =>
        [.. head.AsSpan(0, random.Next(head.Length + 1)), .. tail.AsSpan(random.Next(tail.Length + 1))];

    private static byte[] Repeat(Random random, byte[] sample)
    {
        var from = random.Next(sample.Length + 1);
        var part = sample.AsSpan(from, random.Next(Math.Min(sample.Length - from, MaxRandomBytes) + 1));
        var output = new List<byte>(sample[..(from + part.Length)]);
        for (var n = random.Next(MaxRepeats); n > 0; n--) output.AddRange(part);
        output.AddRange(sample.AsSpan(from + part.Length));
        return [.. output];
    }

    private static byte[] RandomBytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Seeds of neighbours must not be neighbours: the generator's first numbers would be alike.</summary>
    private int Mix(int index)
    {
        var mixed = ((ulong)(uint)seed << 32 | (uint)index) * 0x9E3779B97F4A7C15;
        mixed = (mixed ^ mixed >> 31) * 0xBF58476D1CE4E5B9;
        return BinaryPrimitives.ReverseEndianness((int)(mixed ^ mixed >> 29));
    }
}
