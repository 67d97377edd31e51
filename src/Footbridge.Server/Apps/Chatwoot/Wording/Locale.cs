namespace Footbridge.Server.Apps.Chatwoot.Wording;

/// <summary>A language's texts, and how it shows dates.</summary>
/// <param name="fallback">Where a key is looked up that this one lacks; null for the last resort.</param>
/// <param name="zone">The zone of its dates, or null for the server's own.</param>
internal sealed class Locale(string code, IReadOnlyDictionary<string, string> texts, DateStyle date, TimeZoneInfo? zone, Locale? fallback)
{
    public string Code => code;

    public DateStyle Date => date;

    public TimeZoneInfo? Zone => zone;

    /// <summary>As a list of languages shows it.</summary>
    public string Name => texts.GetValueOrDefault(Key.LocaleName, code);

    /// <summary>A text; the key itself where nobody has one.</summary>
    public string Text(string key) => texts.TryGetValue(key, out var text) ? text : fallback?.Text(key) ?? key;
}
