using System.Text.RegularExpressions;

namespace Footbridge.Simulator.Chatwoot.State;

/// <summary>As much of Liquid as a bridge must mind: the text of outgoing messages and notes is a template.</summary>
internal static partial class LiquidText
{
    public static string Render(string text, SimContact contact) => Parts().Replace(text, part =>
        part.Groups["code"].Success ? part.Value
        : part.Groups["raw"].Success ? part.Groups["raw"].Value
        : part.Groups["name"].Value.Trim() == "contact.name" ? contact.Name
        : "");

    [GeneratedRegex(@"(?<code>```[\s\S]*?```|`[^`\n]+`)|\{%-?\s*raw\s*-?%\}(?<raw>[\s\S]*?)\{%-?\s*endraw\s*-?%\}|\{\{(?<name>[^}]*)\}\}|\{%[^%]*%\}")]
    private static partial Regex Parts();
}
