namespace Footbridge.Protocol.Pairing;

/// <summary>The 32 characters of the codes that people type or compare: none that look alike. Source: docs/protocol/pairing.md.</summary>
public static class PairingAlphabet
{
    public const string Characters = "123456789ABCDEFGHJKLMNPQRSTVWXYZ";

    /// <summary>Bytes that one code stands for.</summary>
    public const int CodeBytes = 5;

    /// <summary>Characters in one code.</summary>
    public const int CodeLength = 8;

    /// <summary>Five bytes as eight characters, the highest bits first.</summary>
    /// <exception cref="ArgumentException">There are not five bytes.</exception>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != CodeBytes) throw new ArgumentException($"a code stands for {CodeBytes} bytes, not {bytes.Length}");
        var bits = 0UL;
        foreach (var value in bytes) bits = bits << 8 | value;
        return string.Create(CodeLength, bits, static (code, all) =>
        {
            const int BitsPerCharacter = 5;
            for (var i = code.Length - 1; i >= 0; i--, all >>= BitsPerCharacter) code[i] = Characters[(int)(all & 0x1F)];
        });
    }
}
