using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Footbridge.Server.Apps.Chatwoot.Wording;

/// <summary>docs/texts.md, made from the English texts.</summary>
internal static partial class TextsPage
{
    public static string Render()
    {
        var page = new StringBuilder("# Texts\n\nEverything the ChatWoot app says, by key, with the variables of each. How to change a text: [Wording](wording.md).\n");
        page.Append("This page is made by `dotnet run --project src/Footbridge.Server -- texts`; a test holds it to the texts.\n\n| key | variables | English |\n|---|---|---|\n");
        foreach (var (key, text) in Locales.English.Texts) page.Append(CultureInfo.InvariantCulture, $"| `{key}` | {Variables(text)} | {Shown(text)} |\n");
        return page.ToString();
    }

    /// <summary>In order; those within a section stand behind its name.</summary>
    private static string Variables(string text)
    {
        var (open, found) = (new Stack<string>(), new List<string>());
        foreach (Match tag in Tag().Matches(text))
        {
            var (kind, name) = (tag.Groups["kind"].Value, tag.Groups["name"].Value);
            if (kind == "/")
            {
                open.Pop();
                continue;
            }

            var isAround = open.Contains(name);
            if (!isAround && name != ".") found.Add(open.TryPeek(out var section) && kind == "" ? $"{section} › {name}" : name);
            if (kind is "#" or "^") open.Push(name);
        }

        return string.Join(", ", found.Distinct().Select(name => $"`{name}`"));
    }

    private static string Shown(string text) =>
        text.Length == 0 ? "" : $"<code>{text.TrimEnd('\n').Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace("|", "&#124;", StringComparison.Ordinal).Replace("*", "&#42;", StringComparison.Ordinal).Replace("`", "&#96;", StringComparison.Ordinal).Replace("\n", "<br>", StringComparison.Ordinal)}</code>";

    [GeneratedRegex(@"\{\{\{?(?<kind>[#^/]?)(?<name>[\w.]+)\}?\}\}")]
    private static partial Regex Tag();
}
