using System.Collections.Concurrent;
using System.Reflection;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Wording;

/// <summary>The languages there are: those that come with the product, and over them or beside them an operator's own.</summary>
/// <remarks>A built-in language is read when it is first used.</remarks>
/// <param name="own">The operator's own, by locale.</param>
internal sealed class Locales(IReadOnlyDictionary<string, LocaleFile> own, TimeProvider time, ILogger<Locales> logger)
{
    public const string Default = "en-US";

    private const string ResourcePrefix = "locales/";

    /// <summary>Those that stand first in a list.</summary>
    private static readonly string[] First = [Default, "pt-BR", "es-ES"];

    private static readonly Assembly Product = typeof(Locales).Assembly;

    private static readonly IReadOnlySet<string> BuiltIn = Product.GetManifestResourceNames()
        .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)).Select(name => Path.GetFileNameWithoutExtension(name[ResourcePrefix.Length..])).ToHashSet(StringComparer.Ordinal);

    private readonly Mustache _mustache = new();
    private readonly ConcurrentDictionary<string, Locale> _read = new(StringComparer.Ordinal);

    /// <summary>In the order people are shown them.</summary>
    public IReadOnlyList<Locale> All =>
        [.. Codes.OrderBy(code => Array.IndexOf(First, code) is var place and >= 0 ? place : First.Length).ThenBy(code => code, StringComparer.Ordinal).Select(Find)];

    private IEnumerable<string> Codes => BuiltIn.Union(own.Keys, StringComparer.Ordinal);

    /// <summary>What an app says: its own texts over those of its language.</summary>
    public Words Open(ChatwootConfig config) => new(Codes.Contains(config.Locale, StringComparer.Ordinal) ? Find(config.Locale) : Lost(config.Locale), config.Templates, _mustache, time);

    /// <exception cref="RuleException">There is no such language.</exception>
    /// <exception cref="InvalidRequestException">One of the app's own texts is no template.</exception>
    public void Check(ChatwootConfig config)
    {
        if (!Codes.Contains(config.Locale, StringComparer.Ordinal)) throw new RuleException($"Locale '{config.Locale}' is not available; use one of {string.Join(", ", All.Select(locale => locale.Code))}");
        foreach (var (key, template) in config.Templates)
        {
            try
            {
                _mustache.Check(template);
            }
            catch (TemplateException e)
            {
                throw new InvalidRequestException($"templates.{key} is not a template: {e.Message}");
            }
        }
    }

    private Locale Find(string code) => _read.GetOrAdd(code, Read);

    /// <summary>The file of an app's language was taken away after the app was made.</summary>
    private Locale Lost(string code) => _read.GetOrAdd(code, missing =>
    {
        logger.LanguageGone(missing, Default);
        return Find(Default);
    });

    private Locale Read(string code)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var style = code == Default ? DateStyle.None : Find(Default).Date;
        foreach (var file in FilesOf(code))
        {
            foreach (var (key, text) in Sound(code, file.Texts)) texts[key] = text;
            style = style.With(file.Date);
        }

        return new(code, texts, style, ZoneOf(code, style), code == Default ? null : Find(Default));
    }

    private IEnumerable<LocaleFile> FilesOf(string code)
    {
        if (BuiltIn.Contains(code)) yield return Built(code);
        if (!own.TryGetValue(code, out var file)) yield break;
        if (!BuiltIn.Contains(code) && Built(Default).Texts.Keys.Where(key => !file.Texts.ContainsKey(key)).ToList() is { Count: > 0 } missing)
        {
            logger.LanguageIncomplete(code, missing.Count, Default, string.Join(", ", missing.Take(5)));
        }

        yield return file;
    }

    private IEnumerable<KeyValuePair<string, string>> Sound(string code, IReadOnlyDictionary<string, string> texts)
    {
        foreach (var entry in texts)
        {
            try
            {
                _mustache.Check(entry.Value);
            }
            catch (TemplateException e)
            {
                logger.LanguageTextBroken(code, entry.Key, e.Message);
                continue;
            }

            yield return entry;
        }
    }

    private TimeZoneInfo? ZoneOf(string code, DateStyle style)
    {
        if (style.Zone is not { } name) return null;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)) return zone;
        logger.LanguageZoneUnknown(code, name);
        return null;
    }

    /// <summary>The texts that every language has, in the order of their file.</summary>
    internal static LocaleFile English => Built(Default);

    internal static LocaleFile Built(string code)
    {
        using var text = new StreamReader(Product.GetManifestResourceStream($"{ResourcePrefix}{code}.yml")!);
        return LocaleFile.Read(text);
    }
}
