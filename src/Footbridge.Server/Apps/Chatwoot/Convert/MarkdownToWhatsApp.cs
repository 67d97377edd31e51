using System.Text;
using System.Text.RegularExpressions;

namespace Footbridge.Server.Apps.Chatwoot.Convert;

/// <summary>Chatwoot's Markdown as WhatsApp's text marks; code blocks and addresses stay as they are.</summary>
internal static partial class MarkdownToWhatsApp
{
    private const char BoldMark = '\uE000'; // private use: stands for * until italics are done

    public static string Apply(string text)
    {
        text = EscapedBreak().Replace(text, "\n");
        var result = new StringBuilder(text.Length);
        var last = 0;
        foreach (Match kept in CodeBlock().Matches(text))
        {
            result.Append(Marks(text[last..kept.Index])).Append(kept.Value);
            last = kept.Index + kept.Length;
        }

        return result.Append(Marks(text[last..])).ToString();
    }

    private static string Marks(string text)
    {
        text = Link().Replace(text, "$1 ($2)");
        text = Bullet().Replace(text, $"{BoldMark} ");
        text = Bold().Replace(text, $"{BoldMark}$1{BoldMark}");
        text = Italic().Replace(text, "_$1_");
        text = Strike().Replace(text, "~$1~");
        return text.Replace(BoldMark, '*');
    }

    [GeneratedRegex(@"\\\n")]
    private static partial Regex EscapedBreak();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\[([^\]\n]+)\]\((https?://[^\s)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^[-+*] ", RegexOptions.Multiline)]
    private static partial Regex Bullet();

    [GeneratedRegex(@"\*\*(?!\s)([^\n]+?)(?<!\s)\*\*")]
    private static partial Regex Bold();

    [GeneratedRegex(@"(?<!\*)\*(?![\s*])([^\n*]+?)(?<![\s*])\*(?!\*)")]
    private static partial Regex Italic();

    [GeneratedRegex(@"~~(?!\s)([^\n]+?)(?<!\s)~~")]
    private static partial Regex Strike();
}
