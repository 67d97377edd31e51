using System.Text.RegularExpressions;

namespace Footbridge.Server.Apps.Chatwoot.Convert;

/// <summary>WhatsApp's text marks as Markdown; addresses stay as they are.</summary>
internal static partial class WhatsAppToMarkdown
{
    public static string Apply(string text)
    {
        var result = new System.Text.StringBuilder(text.Length + 16);
        var last = 0;
        foreach (Match url in Url().Matches(text))
        {
            result.Append(Marks(text[last..url.Index])).Append(url.Value);
            last = url.Index + url.Length;
        }

        return result.Append(Marks(text[last..])).ToString();
    }

    private static string Marks(string text)
    {
        text = Bold().Replace(text, "**$1**");
        text = Strike().Replace(text, "~~$1~~");
        return Italic().Replace(text, "*$1*");
    }

    [GeneratedRegex(@"https?://\S+")]
    private static partial Regex Url();

    [GeneratedRegex(@"(?<![\p{L}\p{N}_*])\*(?![* ])([^\n]*?)(?<! )\*(?![\p{L}\p{N}_*])")]
    private static partial Regex Bold();

    [GeneratedRegex(@"(?<![\p{L}\p{N}_~])~(?![~ ])([^\n]*?)(?<! )~(?![\p{L}\p{N}_~])")]
    private static partial Regex Strike();

    [GeneratedRegex(@"(?<![\p{L}\p{N}_])_(?![_ ])([^\n]*?)(?<! )_(?![\p{L}\p{N}_])")]
    private static partial Regex Italic();
}
