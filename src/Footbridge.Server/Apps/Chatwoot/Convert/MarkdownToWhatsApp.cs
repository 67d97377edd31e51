using System.Text.RegularExpressions;

namespace Footbridge.Server.Apps.Chatwoot.Convert;

/// <summary>Chatwoot's Markdown as WhatsApp's text marks; code and addresses stay as they are.</summary>
internal static partial class MarkdownToWhatsApp
{
    private const char BoldMark = '\uE001'; // stands for * until italics are done

    // See WhatsAppToMarkdown: keeps a line of opening marks from taking quadratic time.
    private const string Inside = @"([^\n]{1,2000}?)";

    public static string Apply(string text)
    {
        text = EscapedBreak().Replace(text, "");
        var (code, addresses) = (new KeptRuns('\uE000'), new KeptRuns('\uE002'));
        text = code.Take(text, Code());
        text = Link().Replace(text, "$1 ($2)");
        text = addresses.Take(text, Address());
        text = Bullet().Replace(text, $"{BoldMark} ");
        text = Bold().Replace(text, $"{BoldMark}$1{BoldMark}");
        text = Italic().Replace(text, "_$1_");
        text = Strike().Replace(text, "~$1~").Replace(BoldMark, '*');
        return code.PutBack(addresses.PutBack(text));
    }

    // Chatwoot before 4.13 writes a backslash before each line end.
    [GeneratedRegex(@"\\(?=\r?\n)")]
    private static partial Regex EscapedBreak();

    [GeneratedRegex(@"```[\s\S]*?```|`[^`\n]+`|[\uE000-\uE002]")]
    private static partial Regex Code();

    [GeneratedRegex(@"\[([^\[\]\n]{1,2000})\]\((https?://[^\s)]+)\)")]
    private static partial Regex Link();

    // Marks inside an address belong to it, marks at its end do not.
    [GeneratedRegex(@"https?://[^\s*~\uE000]+(?:[*~]+[\w/?=&%#-][^\s*~\uE000]*)*")]
    private static partial Regex Address();

    [GeneratedRegex(@"^[-+*] ", RegexOptions.Multiline)]
    private static partial Regex Bullet();

    [GeneratedRegex(@"\*\*(?!\s)" + Inside + @"(?<!\s)\*\*(?!\*)")]
    private static partial Regex Bold();

    [GeneratedRegex(@"(?<!\*)\*(?![\s*])([^\n*]{1,2000}?)(?<![\s*])\*(?!\*)")]
    private static partial Regex Italic();

    [GeneratedRegex(@"~~(?!\s)" + Inside + @"(?<!\s)~~")]
    private static partial Regex Strike();
}
