using System.Reflection;
using System.Text.RegularExpressions;
using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot.Wording;

/// <summary>Every language says everything that English says, with the same values in the same places.</summary>
public sealed partial class LocaleFilesTests
{
    private const string Folder = "src/Footbridge.Server/Apps/Chatwoot/Wording/Locales";

    /// <summary>WAHA's flags, by which people know the languages in the list.</summary>
    private static readonly Dictionary<string, (string Flag, string English)> Names = new(StringComparer.Ordinal)
    {
        ["en-US"] = ("🇺🇸", "English"),
        ["pt-BR"] = ("🇧🇷🇵🇹", "Portuguese"),
        ["es-ES"] = ("🇪🇸", "Spanish"),
        ["ar-AE"] = ("🇦🇪", "Arabic"),
        ["bn-BD"] = ("🇧🇩", "Bengali"),
        ["de-DE"] = ("🇩🇪", "German"),
        ["fa-IR"] = ("🇮🇷", "Persian"),
        ["fr-FR"] = ("🇫🇷", "French"),
        ["he-IL"] = ("🇮🇱", "Hebrew"),
        ["hi-IN"] = ("🇮🇳", "Hindi"),
        ["id-ID"] = ("🇮🇩", "Indonesian"),
        ["it-IT"] = ("🇮🇹", "Italian"),
        ["pa-PK"] = ("🇵🇰", "Punjabi"),
        ["ru-RU"] = ("🇷🇺", "Russian"),
        ["tr-TR"] = ("🇹🇷", "Turkish"),
        ["uk-UA"] = ("🇺🇦", "Ukrainian"),
        ["ur-PK"] = ("🇵🇰", "Urdu"),
        ["zh-CN"] = ("🇨🇳", "Simplified Chinese"),
    };

    private static readonly string[] TwelveHours = ["en-US", "ar-AE", "bn-BD", "hi-IN", "pa-PK", "ur-PK"];

    /// <summary>What people type or click, the same in every language.</summary>
    private static readonly HashSet<string> SameEverywhere = new(StringComparer.Ordinal) { "app.inbox.contact.avatar.url" };

    private static readonly LocaleFile English = Locales.Built("en-US");

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Path.Combine(House.RepositoryRoot.Find(), Folder)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_named_after_a_known_language_and_is_built_in(string file)
    {
        Assert.EndsWith(".yml", file, StringComparison.Ordinal);
        Assert.Contains(Code(file), Names.Keys);
        Assert.Equal(Code(file), Assert.Single(new LocalesOf().Locales.All, locale => locale.Code == Code(file)).Code);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_language_has_exactly_the_keys_of_english(string file)
    {
        var texts = Locales.Built(Code(file)).Texts;
        Assert.Empty(English.Texts.Keys.Except(texts.Keys));
        Assert.Empty(texts.Keys.Except(English.Texts.Keys));
        Assert.Empty(Locales.Built(Code(file)).Ignored);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Each_text_has_the_variables_and_sections_of_the_english_one(string file)
    {
        var texts = Locales.Built(Code(file)).Texts;
        var wrong = English.Texts.Where(entry => texts.ContainsKey(entry.Key) && Structure(entry.Value) != Structure(texts[entry.Key]))
            .Select(entry => $"{entry.Key}: {Structure(texts[entry.Key])} instead of {Structure(entry.Value)}");
        Assert.Empty(wrong);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Code_and_links_are_those_of_the_english_text(string file)
    {
        var texts = Locales.Built(Code(file)).Texts;
        var wrong = English.Texts.Where(entry => texts.ContainsKey(entry.Key) && !Fixed(entry.Value).SequenceEqual(Fixed(texts[entry.Key])))
            .Select(entry => $"{entry.Key}: {string.Join(' ', Fixed(texts[entry.Key]))} instead of {string.Join(' ', Fixed(entry.Value))}");
        Assert.Empty(wrong);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Nothing_is_empty_escaped_or_called_by_the_inboxs_brand(string file)
    {
        foreach (var (key, text) in Locales.Built(Code(file)).Texts)
        {
            if (!SameEverywhere.Contains(key)) Assert.False(string.IsNullOrWhiteSpace(text), key);
            Assert.DoesNotMatch(@"(?<!\{)\{\{[\w.]", text);
            Assert.DoesNotContain("chatwoot", text, StringComparison.OrdinalIgnoreCase);
            new Mustache().Check(text);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_language_has_its_flag_its_own_name_and_its_english_one_and_shows_dates_its_way(string file)
    {
        var (flag, english) = Names[Code(file)];
        var (texts, date) = (Locales.Built(Code(file)).Texts, Locales.Built(Code(file)).Date);
        Assert.StartsWith(flag + " ", texts["locale.name"], StringComparison.Ordinal);
        Assert.EndsWith($" ({english})", texts["locale.name"], StringComparison.Ordinal);
        Assert.True(texts["locale.name"].Length > flag.Length + english.Length + 4, "the name in the language itself is missing");
        Assert.Equal(Code(file), texts["locale.base"]);
        Assert.Equal(
            ("short", "2-digit", "short", "numeric", "2-digit", "2-digit", "short"),
            (date["weekday"], date["day"], date["month"], date["year"], date["hour"], date["minute"], date["timeZoneName"]));
        Assert.Equal(TwelveHours.Contains(Code(file)) ? "true" : "false", date["hour12"]);
    }

    [Fact]
    public void No_two_languages_have_the_same_name()
    {
        var names = new LocalesOf().Locales.All.Select(locale => locale.Name).ToList();
        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public void The_keys_in_code_are_those_of_the_english_texts()
    {
        var constants = typeof(Key).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);
        Assert.Equal(English.Texts.Keys.Order(StringComparer.Ordinal), constants.Order(StringComparer.Ordinal));
    }

    /// <summary>The tags of a text: sections with what is in them, in any order, since languages order their sentences differently.</summary>
    private static string Structure(string text)
    {
        var open = new Stack<(string Tag, SortedSet<string> Inside)>([("", new(StringComparer.Ordinal))]);
        foreach (Match tag in Tag().Matches(text))
        {
            var (kind, name) = (tag.Groups["kind"].Value, tag.Groups["name"].Value);
            if (kind is "#" or "^") open.Push((kind + name, new(StringComparer.Ordinal)));
            else if (kind == "/")
            {
                var (section, inside) = open.Pop();
                open.Peek().Inside.Add($"{section}({string.Join(' ', inside)})");
            }
            else open.Peek().Inside.Add(name);
        }

        return string.Join(' ', open.Single().Inside);
    }

    private static IEnumerable<string> Fixed(string text) => FixedPart().Matches(text).Select(match => match.Value).Order(StringComparer.Ordinal);

    private static string Code(string file) => Path.GetFileNameWithoutExtension(file);

    [GeneratedRegex(@"\{\{\{?(?<kind>[#^/]?)(?<name>[\w.]+)\}?\}\}")]
    private static partial Regex Tag();

    // Code on one line, and where links lead.
    [GeneratedRegex(@"(?<!`)`[^`\n]+`(?!`)|\]\([^)\s]+\)")]
    private static partial Regex FixedPart();
}
