using System.Globalization;
using System.Text.Json.Nodes;

namespace Footbridge.Server.Apps.Chatwoot.Wording;

/// <summary>What one app says to people, in its language and with its own texts.</summary>
/// <param name="own">The app's texts by key, over those of the language.</param>
internal sealed class Words(Locale locale, IReadOnlyDictionary<string, string> own, Mustache mustache, TimeProvider time)
{
    // WAHA's rule: a smaller number counts seconds, a larger one milliseconds.
    private const long FirstMilliseconds = 1_000_000_000_000;

    private Formats Formats => Formats.Of(Text(Key.LocaleBase));

    /// <summary>The text of a key with values put in. A key that nobody knows is said as it is.</summary>
    /// <param name="key">One of <see cref="Key"/>.</param>
    /// <param name="model">An anonymous object, a record, a dictionary or JSON with the variables of the key; null for a key without.</param>
    public string Say(string key, object? model = null)
    {
        string said;
        try
        {
            said = mustache.Render(Text(key), model);
        }
        catch (TemplateException)
        {
            // Only an app's own text can be: the app was saved before its texts were checked.
            said = mustache.Render(locale.Text(key), model);
        }

        return said.EndsWith('\n') ? said[..^1] : said;
    }

    /// <summary>A moment in the zone of the language, or else of the server: <c>Sat, Feb 10 • 09:45 AM EST</c>.</summary>
    public string Date(DateTimeOffset at) =>
        new HumanDate(Formats, locale.Date, locale.Zone ?? time.LocalTimeZone).Of(at, time.GetUtcNow(), Say(Key.Today), Say(Key.Yesterday));

    /// <summary>The same of a number as events carry it, or null when it is none.</summary>
    /// <param name="timestamp">Unix time in seconds or milliseconds, as a number or a text.</param>
    public string? Date(JsonNode? timestamp) => Moment(timestamp) is { } at ? Date(at) : null;

    /// <summary>A sum in the language's way, or null without value or currency.</summary>
    /// <param name="value">In units of one <paramref name="offset"/>th.</param>
    public string? Money(decimal? value, decimal offset, string? currency) => Amount.Money(value, offset, currency, Formats);

    internal static DateTimeOffset? Moment(JsonNode? timestamp)
    {
        if (!decimal.TryParse(timestamp?.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return null;
        var milliseconds = number < FirstMilliseconds ? number * 1000 : number;
        return milliseconds >= 0 && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds) : null;
    }

    private string Text(string key) => own.TryGetValue(key, out var text) ? text : locale.Text(key);
}
