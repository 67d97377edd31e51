namespace Footbridge.Server.Apps.Chatwoot.Convert;

/// <summary>Chatwoot renders outgoing messages and notes as Liquid templates; what people wrote must not be taken for one.</summary>
internal static class Liquid
{
    private const string WordJoiner = "\u2060";

    public static string Escape(string text)
    {
        if (!text.Contains("{{", StringComparison.Ordinal) && !text.Contains("{%", StringComparison.Ordinal)) return text;
        // Only this word could end the raw block early; an invisible character inside it keeps it from doing so.
        return $"{{% raw %}}{text.Replace("endraw", $"end{WordJoiner}raw", StringComparison.Ordinal)}{{% endraw %}}";
    }
}
