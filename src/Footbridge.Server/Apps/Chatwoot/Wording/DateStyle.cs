namespace Footbridge.Server.Apps.Chatwoot.Wording;

/// <summary>How dates are shown: the <c>datetime</c> entry of a locale, with the names and values of JavaScript's <c>Intl.DateTimeFormat</c>.</summary>
internal sealed class DateStyle(IReadOnlyDictionary<string, string> options)
{
    public static DateStyle None { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal));

    public bool ShowsWeekday => Has("weekday");

    public bool ShowsYear => Has("year");

    public bool ShowsTime => Has("hour");

    public bool ShowsZone => Has("timeZoneName");

    /// <summary>A clock of twelve hours with AM and PM.</summary>
    public bool HasTwelveHours => Of("hour12") == "true";

    public bool HasLongWeekday => Of("weekday") == "long";

    public DateMonth Month => Of("month") switch
    {
        "long" => DateMonth.Long,
        "numeric" or "2-digit" => DateMonth.Digits,
        _ => DateMonth.Short,
    };

    public bool PadsDay => Of("day") != "numeric";

    public bool PadsMonth => Of("month") != "numeric";

    public bool PadsHour => Of("hour") != "numeric";

    public bool HasShortYear => Of("year") == "2-digit";

    /// <summary>An IANA name, or null for the server's own zone.</summary>
    public string? Zone => Of("timeZone") is { Length: > 0 } zone ? zone : Of("timezone") is { Length: > 0 } other ? other : null;

    /// <summary>These options with others over them; an empty one takes its part away.</summary>
    public DateStyle With(IReadOnlyDictionary<string, string> others)
    {
        var all = new Dictionary<string, string>(options, StringComparer.Ordinal);
        foreach (var (name, value) in others) all[name] = value;
        return new(all);
    }

    private string Of(string name) => options.GetValueOrDefault(name, "");

    private bool Has(string name) => Of(name) is not ("" or "null" or "~" or "false");
}

/// <summary>How a month is written.</summary>
internal enum DateMonth
{
    Short,
    Long,
    Digits,
}
