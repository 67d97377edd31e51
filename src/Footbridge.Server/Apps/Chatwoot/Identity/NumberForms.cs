namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>Other ways to write a number, where a country changed its own. They are candidates only: that two of them are one person, WhatsApp alone can say.</summary>
internal static class NumberForms
{
    /// <summary>Digits with country code; the number itself is not among them.</summary>
    public static IReadOnlyList<string> Of(string digits) => digits switch
    {
        // Brazil: mobile numbers got a ninth digit after the area code; landlines (2 to 5) never had one.
        ['5', '5', _, _, >= '6' and <= '9', ..] when digits.Length == 12 => [$"{digits[..4]}9{digits[4..]}"],
        ['5', '5', _, _, '9', >= '6' and <= '9', ..] when digits.Length == 13 => [$"{digits[..4]}{digits[5..]}"],
        // Argentina: a 9 behind the country code of mobile numbers.
        ['5', '4', '9', ..] when digits.Length == 13 => [$"54{digits[3..]}"],
        ['5', '4', not '9', ..] when digits.Length == 12 => [$"549{digits[2..]}"],
        // Mexico: a 1 behind the country code of mobile numbers, until 2019.
        ['5', '2', '1', ..] when digits.Length == 13 => [$"52{digits[3..]}"],
        ['5', '2', ..] when digits.Length == 12 => [$"521{digits[2..]}"],
        _ => [],
    };
}
