using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Footbridge.Server.Apps.Chatwoot.Wording;

/// <summary>What a locale's file says.</summary>
/// <param name="Texts">By key.</param>
/// <param name="Date">The options of its <c>datetime</c> entry.</param>
/// <param name="Ignored">Keys with something else than a text.</param>
internal sealed record LocaleFile(IReadOnlyDictionary<string, string> Texts, IReadOnlyDictionary<string, string> Date, IReadOnlyList<string> Ignored)
{
    private const string DateKey = "datetime";

    /// <exception cref="FormatException">It is not YAML with keys at its top.</exception>
    public static LocaleFile Read(TextReader text)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(text);
        }
        catch (YamlException e)
        {
            throw new FormatException($"line {e.Start.Line}: {e.Message}", e);
        }

        if (yaml.Documents is not [{ RootNode: YamlMappingNode root }]) throw new FormatException("a locale is one list of keys and texts");
        var (texts, ignored) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<string>());
        IReadOnlyDictionary<string, string> date = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in root.Children)
        {
            var key = (name as YamlScalarNode)?.Value ?? "";
            if (value is YamlScalarNode scalar) texts[key] = scalar.Value ?? "";
            else if (key == DateKey && value is YamlMappingNode options) date = Options(options);
            else ignored.Add(key);
        }

        return new(texts, date, ignored);
    }

    // JavaScript's list of preferred locales may stand there too; it has no effect.
    private static Dictionary<string, string> Options(YamlMappingNode options) => options.Children
        .Where(option => option is { Key: YamlScalarNode, Value: YamlScalarNode })
        .ToDictionary(option => ((YamlScalarNode)option.Key).Value ?? "", option => ((YamlScalarNode)option.Value).Value ?? "", StringComparer.Ordinal);
}
