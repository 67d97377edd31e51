using System.Globalization;
using System.Text;

namespace Footbridge.Server.Apps.Chatwoot.Wording;

/// <summary>Sums of money and spans of time as people read them.</summary>
internal static class Amount
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("y", TimeSpan.FromDays(365.25)), ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)), ("ms", TimeSpan.FromMilliseconds(1)),
    ];

    /// <summary>An amount in the language's own way, or null when there is none.</summary>
    /// <param name="value">In units of one <paramref name="offset"/>th: 12345 with an offset of 100 is 123.45.</param>
    /// <param name="currency">ISO 4217, three letters; with anything else it is just put in front of the value.</param>
    public static string? Money(decimal? value, decimal offset, string? currency, Formats formats)
    {
        if (value is not { } amount || currency is not { Length: > 0 }) return null;
        if (offset <= 0 || currency.Length != 3 || !currency.All(char.IsAsciiLetter)) return string.Create(CultureInfo.InvariantCulture, $"{currency} {amount}");
        var (money, code) = (formats.Money, currency.ToUpperInvariant());
        var digits = Formats.DigitsOf(code);
        var sum = decimal.Round(amount / offset, digits, MidpointRounding.ToEven);
        var symbol = money.Symbols.GetValueOrDefault(code, code);
        var positive = NeedsSpace(symbol, money) ? money.Code : money.Positive;
        var pattern = sum < 0 ? money.Negative.Replace(money.Positive, positive, StringComparison.Ordinal) : positive;
        return new StringBuilder(pattern).Replace("{currency}", symbol).Replace("{number}", formats.Localize(Number(Math.Abs(sum), digits, money))).ToString();
    }

    /// <summary>A window of time that ends some time ago: <c>10d</c>, or <c>20d-10d</c>.</summary>
    public static string Period(TimeSpan start, TimeSpan end) => end == TimeSpan.Zero ? Short(start) : $"{Short(start)}-{Short(end)}";

    /// <summary>In the largest unit that leaves nothing over.</summary>
    public static string Short(TimeSpan span)
    {
        var (unit, length) = Array.Find(Units, known => span != TimeSpan.Zero && span.Ticks % known.Length.Ticks == 0) is { Unit: not null } found ? found : Units[^1];
        return string.Create(CultureInfo.InvariantCulture, $"{span.Ticks / length.Ticks}{unit}");
    }

    /// <summary>CLDR's rule: what stands beside the number is set apart unless it is a sign of its own.</summary>
    private static bool NeedsSpace(string symbol, MoneyFormat money)
    {
        var isInFront = money.Positive.IndexOf("{currency}", StringComparison.Ordinal) < money.Positive.IndexOf("{number}", StringComparison.Ordinal);
        var beside = isInFront ? symbol[^1] : symbol[0];
        return !char.IsSymbol(beside) && !char.IsSeparator(beside);
    }

    private static string Number(decimal value, int digits, MoneyFormat money)
    {
        var parts = value.ToString("F" + digits, CultureInfo.InvariantCulture).Split('.');
        var whole = parts[0].Length == 4 && !money.GroupsThousands ? parts[0] : Grouped(parts[0], money);
        return parts.Length == 1 ? whole : whole + money.Decimal + parts[1];
    }

    private static string Grouped(string digits, MoneyFormat money)
    {
        var groups = new Stack<string>();
        var (rest, size) = (digits, money.Primary);
        while (rest.Length > size)
        {
            groups.Push(rest[^size..]);
            (rest, size) = (rest[..^size], money.Secondary);
        }

        groups.Push(rest);
        return string.Join(money.Group, groups);
    }
}
