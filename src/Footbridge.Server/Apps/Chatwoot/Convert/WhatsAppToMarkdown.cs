using System.Text.RegularExpressions;

namespace Footbridge.Server.Apps.Chatwoot.Convert;

/// <summary>WhatsApp's text marks as Markdown; addresses and code stay as they are.</summary>
internal static partial class WhatsAppToMarkdown
{
    // A pair of marks is looked for within this many characters: without a limit, a line of opening marks takes quadratic time.
    private const string Inside = @"([^\n]{0,2000}?)";

    public static string Apply(string text)
    {
        // PostgreSQL, and so Chatwoot, refuses NUL.
        text = text.Replace("\0", "", StringComparison.Ordinal);
        var kept = new KeptRuns('\uE000');
        text = kept.Take(text, Kept());
        text = Bold().Replace(text, "**$1**");
        text = Strike().Replace(text, "~~$1~~");
        return kept.PutBack(Italic().Replace(text, "*$1*"));
    }

    [GeneratedRegex(@"```[\s\S]*?```|`[^`\n]+`|https?://\S+|\uE000")]
    private static partial Regex Kept();

    [GeneratedRegex(@"(?<![\p{L}\p{N}_*])\*(?![* ])" + Inside + @"(?<! )\*(?![\p{L}\p{N}_*])")]
    private static partial Regex Bold();

    [GeneratedRegex(@"(?<![\p{L}\p{N}_~])~(?![~ ])" + Inside + @"(?<! )~(?![\p{L}\p{N}_~])")]
    private static partial Regex Strike();

    [GeneratedRegex(@"(?<![\p{L}\p{N}_])_(?![_ ])" + Inside + @"(?<! )_(?![\p{L}\p{N}_])")]
    private static partial Regex Italic();
}
