using System.Text.Json;
using System.Text.Json.Serialization;

namespace Footbridge.Server.Apps.Chatwoot.Wording;

/// <summary>How a language writes dates and amounts; from <c>formats.json</c>, because the product runs without ICU.</summary>
/// <param name="Calendar">Null: Gregorian; else <c>persian</c>.</param>
/// <param name="Digits">Ten characters, or null for 0 to 9.</param>
/// <param name="Times">With 24 hours, with 12, and the same two with the zone.</param>
/// <param name="Periods">Before and after noon.</param>
internal sealed record Formats(
    string? Calendar, string? Digits, DatePatterns Dates, DateNames Short, DateNames Long, IReadOnlyList<string> Times, IReadOnlyList<string> Periods, ZoneNames Zones, MoneyFormat Money)
{
    private static readonly Lazy<FormatTable> Table = new(Load);

    /// <summary>Those of a locale, of its language, or of American English.</summary>
    /// <param name="tag">BCP 47, such as <c>pt-BR</c>.</param>
    public static Formats Of(string tag)
    {
        var all = Table.Value.Locales;
        if (all.TryGetValue(tag, out var exact)) return exact;
        var language = tag.Split('-', '_')[0] + "-";
        var kin = all.Keys.FirstOrDefault(known => known.StartsWith(language, StringComparison.OrdinalIgnoreCase));
        return all[kin ?? "en-US"];
    }

    /// <summary>Digits behind the decimal sign of an amount.</summary>
    public static int DigitsOf(string currency) => Table.Value.Digits.GetValueOrDefault(currency, 2);

    /// <summary>A number's text with the digits of the language.</summary>
    public string Localize(string text) => Digits is null ? text : string.Concat(text.Select(c => char.IsAsciiDigit(c) ? Digits[c - '0'] : c));

    private static FormatTable Load()
    {
        using var stream = typeof(Formats).Assembly.GetManifestResourceStream("formats.json")!;
        return JsonSerializer.Deserialize(stream, FormatJson.Default.FormatTable)!;
    }
}

/// <summary>Each without and with year, and the same two with the weekday.</summary>
internal sealed record DatePatterns(IReadOnlyList<string> Short, IReadOnlyList<string> Long, IReadOnlyList<string> Digits);

/// <param name="Weekdays">From Sunday.</param>
internal sealed record DateNames(IReadOnlyList<string> Months, IReadOnlyList<string> Weekdays);

/// <param name="Ahead">East of Greenwich, with <c>{0}</c> for the hours.</param>
/// <param name="Zero">No distance from Greenwich.</param>
/// <param name="Separator">Between hours and minutes of a distance.</param>
/// <param name="Named">Zones with an abbreviation in this language: <c>standard/daylight</c> and where it counts.</param>
internal sealed record ZoneNames(string Ahead, string Behind, string Zero, string Separator, IReadOnlyDictionary<string, IReadOnlyList<string>> Named);

/// <param name="Primary">Digits of the last group.</param>
/// <param name="Secondary">Digits of each group before it.</param>
/// <param name="GroupsThousands">Whether a number of four digits is grouped.</param>
/// <param name="Code">The positive pattern where the currency touches the number with a letter: its code, or a symbol such as <c>Rs</c>.</param>
internal sealed record MoneyFormat(
    string Decimal, string Group, int Primary, int Secondary, bool GroupsThousands, string Positive, string Negative, string Code, IReadOnlyDictionary<string, string> Symbols);

internal sealed record FormatTable(IReadOnlyDictionary<string, int> Digits, IReadOnlyDictionary<string, Formats> Locales);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FormatTable))]
internal sealed partial class FormatJson : JsonSerializerContext;
