using System.Text.RegularExpressions;

namespace Footbridge.Server.Apps.Chatwoot.Convert;

/// <summary>The people that a text to a group names.</summary>
/// <param name="Text">With what phones show; a text that was nothing but <c>@all</c> is a blank, because an empty one cannot be sent.</param>
/// <param name="People">JIDs, each once.</param>
internal sealed partial record Mentions(string Text, IReadOnlyList<string> People, bool All)
{
    public static Mentions Read(string text)
    {
        var all = Everybody().IsMatch(text);
        if (all) text = Everybody().Replace(text, "");
        var people = new List<string>();
        text = Lid().Replace(text, match =>
        {
            people.Add(match.Groups[1].Value + "@lid");
            return "@" + match.Groups[1].Value;
        });
        // What was a LID a moment ago is none of these.
        people.AddRange(Phone().Matches(text).Select(match => match.Groups[1].Value).Where(digits => !people.Contains(digits + "@lid")).Select(digits => digits + "@s.whatsapp.net").ToList());
        return new((all || people.Count > 0) && string.IsNullOrWhiteSpace(text) ? " " : text, [.. people.Distinct(StringComparer.Ordinal)], all);
    }

    [GeneratedRegex(@"(?<![^\s])@all\b\s?", RegexOptions.IgnoreCase)]
    private static partial Regex Everybody();

    [GeneratedRegex(@"@(\d{6,15})@lid\b")]
    private static partial Regex Lid();

    [GeneratedRegex(@"@(\d{7,15})\b(?!@lid)")]
    private static partial Regex Phone();
}
