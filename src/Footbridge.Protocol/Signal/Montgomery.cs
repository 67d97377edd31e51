using System.Buffers.Binary;

namespace Footbridge.Protocol.Signal;

/// <summary>The one curve conversion no library offers: an X25519 public key to its Edwards y, y = (u - 1) / (u + 1) mod 2^255 - 19.</summary>
/// <remarks>Numbers are five limbs of 51 bits. Works on public keys only, so time may depend on nothing secret.</remarks>
internal static class Montgomery
{
    private const int Limbs = 5;
    private const ulong Mask = (1UL << 51) - 1;

    /// <summary>False when u = -1, which has no image.</summary>
    public static bool TryToEdwards(ReadOnlySpan<byte> u, Span<byte> y)
    {
        Span<ulong> value = stackalloc ulong[Limbs];
        Load(u, value);
        Span<ulong> one = [1, 0, 0, 0, 0];
        Span<ulong> numerator = stackalloc ulong[Limbs];
        Span<ulong> denominator = stackalloc ulong[Limbs];
        Subtract(value, one, numerator);
        Add(value, one, denominator);
        if (IsZero(denominator)) return false;
        Span<ulong> inverse = stackalloc ulong[Limbs];
        Invert(denominator, inverse);
        Multiply(numerator, inverse, value);
        Store(value, y);
        return true;
    }

    private static void Load(ReadOnlySpan<byte> bytes, Span<ulong> value)
    {
        var w0 = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        var w1 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        var w2 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        var w3 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
        value[0] = w0 & Mask;
        value[1] = (w0 >> 51 | w1 << 13) & Mask;
        value[2] = (w1 >> 38 | w2 << 26) & Mask;
        value[3] = (w2 >> 25 | w3 << 39) & Mask;
        value[4] = w3 >> 12 & Mask;
    }

    private static void Store(ReadOnlySpan<ulong> value, Span<byte> bytes)
    {
        Span<ulong> v = stackalloc ulong[Limbs];
        Canonical(value, v);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, v[0] | v[1] << 51);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], v[1] >> 13 | v[2] << 38);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], v[2] >> 26 | v[3] << 25);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], v[3] >> 39 | v[4] << 12);
    }

    private static void Canonical(ReadOnlySpan<ulong> value, Span<ulong> v)
    {
        value.CopyTo(v);
        Carry(v);
        Carry(v);
        var q = (v[0] + 19) >> 51;
        for (var i = 1; i < Limbs; i++) q = (v[i] + q) >> 51;
        v[0] += 19 * q;
        for (var i = 0; i < Limbs - 1; i++)
        {
            v[i + 1] += v[i] >> 51;
            v[i] &= Mask;
        }

        v[4] &= Mask;
    }

    private static bool IsZero(ReadOnlySpan<ulong> value)
    {
        Span<ulong> v = stackalloc ulong[Limbs];
        Canonical(value, v);
        return (v[0] | v[1] | v[2] | v[3] | v[4]) == 0;
    }

    private static void Add(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Span<ulong> sum)
    {
        for (var i = 0; i < Limbs; i++) sum[i] = a[i] + b[i];
        Carry(sum);
    }

    private static void Subtract(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Span<ulong> difference)
    {
        // Adding 2p first keeps every limb positive.
        difference[0] = a[0] + 0xFFFFFFFFFFFDA - b[0];
        for (var i = 1; i < Limbs; i++) difference[i] = a[i] + 0xFFFFFFFFFFFFE - b[i];
        Carry(difference);
    }

    private static void Carry(Span<ulong> v)
    {
        for (var i = 0; i < Limbs - 1; i++)
        {
            v[i + 1] += v[i] >> 51;
            v[i] &= Mask;
        }

        v[0] += 19 * (v[4] >> 51);
        v[4] &= Mask;
    }

    private static void Multiply(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Span<ulong> product)
    {
        Span<UInt128> wide = stackalloc UInt128[Limbs];
        for (var i = 0; i < Limbs; i++)
        {
            for (var j = 0; j < Limbs; j++)
            {
                var folded = i + j < Limbs ? b[j] : 19 * b[j];
                wide[(i + j) % Limbs] += (UInt128)a[i] * folded;
            }
        }

        for (var i = 0; i < Limbs - 1; i++)
        {
            wide[i + 1] += wide[i] >> 51;
            product[i] = (ulong)wide[i] & Mask;
        }

        product[4] = (ulong)wide[4] & Mask;
        product[0] += 19 * (ulong)(wide[4] >> 51);
        Carry(product);
    }

    /// <summary>a^(p - 2), p - 2 = 2^255 - 21: all bits set but bits 2 and 4.</summary>
    private static void Invert(ReadOnlySpan<ulong> a, Span<ulong> inverse)
    {
        Span<ulong> result = [1, 0, 0, 0, 0];
        for (var bit = 254; bit >= 0; bit--)
        {
            Multiply(result, result, result);
            if (bit is not (2 or 4)) Multiply(result, a, result);
        }

        result.CopyTo(inverse);
    }
}
