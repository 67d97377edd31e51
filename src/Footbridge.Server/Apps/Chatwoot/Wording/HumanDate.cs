using System.Globalization;
using System.Text;

namespace Footbridge.Server.Apps.Chatwoot.Wording;

/// <summary>A moment as people read it: <c>Sat, Feb 10 • 09:45 AM EST</c>, and today or yesterday by name.</summary>
/// <param name="here">The zone that dates are shown in; what is today is decided there as well.</param>
internal sealed class HumanDate(Formats formats, DateStyle style, TimeZoneInfo here)
{
    private static readonly PersianCalendar Persian = new();
    private static readonly GregorianCalendar Gregorian = new();
    private readonly Calendar _calendar = formats.Calendar == "persian" ? Persian : Gregorian;

    public string Of(DateTimeOffset at, DateTimeOffset now, string today, string yesterday)
    {
        var (local, current) = (TimeZoneInfo.ConvertTime(at, here).DateTime, TimeZoneInfo.ConvertTime(now, here).DateTime);
        var daysAgo = (current.Date - local.Date).Days;
        var day = daysAgo switch
        {
            0 => today,
            1 => yesterday,
            _ => null,
        };
        var date = DateOf(local, day is null && style.ShowsWeekday, style.ShowsYear && _calendar.GetYear(local) != _calendar.GetYear(current));
        if (day is not null) date = $"{day}, {date}";
        return style.ShowsTime ? $"{date} • {TimeOf(at)}" : date;
    }

    internal string DateOf(DateTime local, bool withWeekday, bool withYear)
    {
        var patterns = style.Month switch
        {
            DateMonth.Long => formats.Dates.Long,
            DateMonth.Digits => formats.Dates.Digits,
            _ => formats.Dates.Short,
        };
        var month = _calendar.GetMonth(local);
        var year = _calendar.GetYear(local);
        return new StringBuilder(patterns[(withWeekday ? 2 : 0) + (withYear ? 1 : 0)])
            .Replace("{weekday}", (style.HasLongWeekday ? formats.Long : formats.Short).Weekdays[(int)local.DayOfWeek])
            .Replace("{day}", Number(_calendar.GetDayOfMonth(local), style.PadsDay))
            .Replace("{month}", style.Month == DateMonth.Digits ? Number(month, style.PadsMonth) : (style.Month == DateMonth.Long ? formats.Long : formats.Short).Months[month - 1])
            .Replace("{year}", style.HasShortYear ? Number(year % 100, isPadded: true) : Number(year, isPadded: false))
            .ToString();
    }

    internal string TimeOf(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, here);
        var hour = !style.HasTwelveHours ? local.Hour : local.Hour % 12 is 0 ? 12 : local.Hour % 12;
        return new StringBuilder(formats.Times[(style.ShowsZone ? 2 : 0) + (style.HasTwelveHours ? 1 : 0)])
            .Replace("{hour}", Number(hour, style.PadsHour))
            .Replace("{minute}", Number(local.Minute, isPadded: true))
            .Replace("{dayPeriod}", formats.Periods[local.Hour < 12 ? 0 : 1])
            .Replace("{timeZoneName}", ZoneOf(local))
            .ToString();
    }

    /// <summary>The abbreviation that readers of the language know, or the distance from Greenwich.</summary>
    private string ZoneOf(DateTimeOffset local)
    {
        var id = here.Id is "Etc/UTC" or "Etc/UCT" or "Zulu" or "Universal" ? "UTC" : here.Id;
        foreach (var (names, zones) in formats.Zones.Named)
        {
            if (!zones.Contains(id, StringComparer.Ordinal)) continue;
            var parts = names.Split('/');
            return parts[here.IsDaylightSavingTime(local) ? ^1 : 0];
        }

        if (local.Offset == TimeSpan.Zero) return formats.Zones.Zero;
        var distance = local.Offset.Duration();
        var text = distance.Minutes == 0 ? $"{distance.Hours}" : string.Create(CultureInfo.InvariantCulture, $"{distance.Hours}{formats.Zones.Separator}{distance.Minutes:00}");
        return (local.Offset > TimeSpan.Zero ? formats.Zones.Ahead : formats.Zones.Behind).Replace("{0}", formats.Localize(text), StringComparison.Ordinal);
    }

    private string Number(int value, bool isPadded) => formats.Localize(value.ToString(isPadded ? "00" : "0", CultureInfo.InvariantCulture));
}
