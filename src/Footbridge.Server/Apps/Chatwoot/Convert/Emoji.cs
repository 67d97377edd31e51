using System.Globalization;
using System.Text;

namespace Footbridge.Server.Apps.Chatwoot.Convert;

/// <summary>Tells emoji from text.</summary>
internal static class Emoji
{
    private const char AsPicture = '\uFE0F';
    private const char Keycap = '\u20E3';

    /// <summary>The emoji, when a text is one and nothing else; skin tones, flags and families count as one.</summary>
    public static string? Single(string? text)
    {
        var trimmed = text?.Trim() ?? "";
        if (trimmed.Length == 0 || StringInfo.GetNextTextElementLength(trimmed) != trimmed.Length) return null;
        // A lone digit or letter is none; with one of these behind it, it is.
        if (trimmed.Contains(AsPicture, StringComparison.Ordinal) || trimmed.Contains(Keycap, StringComparison.Ordinal)) return trimmed;
        Rune.DecodeFromUtf16(trimmed, out var first, out _);
        var isPicture = first.Value is >= 0x1F000 and <= 0x1FBFF || (first.Value is >= 0x231A and <= 0x2BFF && Rune.GetUnicodeCategory(first) == UnicodeCategory.OtherSymbol);
        return isPicture ? trimmed : null;
    }
}
