namespace Footbridge.Protocol.Xml;

/// <summary>Strings of digits or hex digits, two characters a byte, high nibble first. Source: docs/protocol/binary-xml.md.</summary>
internal static class PackedText
{
    /// <summary>Longest text an encoder packs, in characters; a decoder takes twice that.</summary>
    public const int MaxPackedLength = 127;

    private const string NibbleAlphabet = "0123456789-.";
    private const string HexAlphabet = "0123456789ABCDEF";
    private const int Padding = 15;

    public static bool FitsNibbles(string text) => Fits(text, NibbleAlphabet);

    public static bool FitsHex(string text) => Fits(text, HexAlphabet);

    /// <summary>Packs text that fits; <paramref name="packed"/> starts with the length byte and has room for 1 + (length + 1) / 2 bytes.</summary>
    public static void Pack(string text, byte tag, Span<byte> packed)
    {
        var alphabet = tag == Tag.Nibble8 ? NibbleAlphabet : HexAlphabet;
        var count = (text.Length + 1) / 2;
        packed[0] = (byte)(count | (text.Length % 2 << 7));
        for (var i = 0; i < count; i++)
        {
            var high = alphabet.IndexOf(text[2 * i], StringComparison.Ordinal);
            var low = 2 * i + 1 < text.Length ? alphabet.IndexOf(text[2 * i + 1], StringComparison.Ordinal) : Padding;
            packed[1 + i] = (byte)(high << 4 | low);
        }
    }

    public static string Unpack(ReadOnlySpan<byte> packed, byte tag, bool isOdd)
    {
        if (packed.Length == 0) return isOdd ? throw new ProtocolException("packed text of no bytes with a padding nibble") : "";
        var alphabet = tag == Tag.Nibble8 ? NibbleAlphabet : HexAlphabet;
        Span<char> text = stackalloc char[packed.Length * 2];
        var length = packed.Length * 2 - (isOdd ? 1 : 0);
        for (var i = 0; i < length; i++)
        {
            var nibble = i % 2 == 0 ? packed[i / 2] >> 4 : packed[i / 2] & 0x0F;
            if (nibble >= alphabet.Length) throw new ProtocolException($"nibble {nibble} is not in the alphabet");
            text[i] = alphabet[nibble];
        }

        if (isOdd && (packed[^1] & 0x0F) != Padding) throw new ProtocolException("the padding nibble is not 15");
        return new string(text[..length]);
    }

    private static bool Fits(string text, string alphabet)
    {
        if (text.Length is 0 or > MaxPackedLength) return false;
        foreach (var c in text)
        {
            if (!alphabet.Contains(c, StringComparison.Ordinal)) return false;
        }

        return true;
    }
}
