using System.Globalization;

namespace Footbridge.Server.Apps.Chatwoot.Commands;

/// <summary>Durations as people write them in commands: <c>30s</c>, <c>1.5h</c>, <c>10d</c>. A number alone counts milliseconds, as in WAHA.</summary>
internal static class Duration
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("y", TimeSpan.FromDays(365.25)), ("w", TimeSpan.FromDays(7)), ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)), ("ms", TimeSpan.FromMilliseconds(1)), ("", TimeSpan.FromMilliseconds(1)),
    ];

    private static readonly (string Unit, TimeSpan Length)[] Shown = [.. Units.Where(unit => unit.Unit is "d" or "h" or "m" or "s" or "ms")];

    /// <summary>Null when it is no duration, or one that no calendar has.</summary>
    public static TimeSpan? Parse(string text)
    {
        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        if (!double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return null;
        var found = Units.Where(unit => unit.Unit == text[digits..]).Select(unit => unit.Length).ToList();
        return found is [var length] && number * length.TotalDays < 36_525 ? length * number : null;
    }

    /// <summary>In the largest unit that leaves a whole number: <c>10d</c>.</summary>
    public static string Text(TimeSpan span)
    {
        if (span <= TimeSpan.Zero) return "0d";
        var (unit, length) = Shown.FirstOrDefault(unit => span.Ticks % unit.Length.Ticks == 0, Shown[^1]);
        return string.Create(CultureInfo.InvariantCulture, $"{span / length:0.###}{unit}");
    }
}
