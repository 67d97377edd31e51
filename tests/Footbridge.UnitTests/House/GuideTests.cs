using System.Text.RegularExpressions;

namespace Footbridge.UnitTests.House;

/// <summary>What the guides name is there: pages, headings, pictures, variables, settings, addresses.</summary>
public sealed partial class GuideTests
{
    private static readonly string Root = RepositoryRoot.Find();

    /// <summary>All but the list of texts, which are no guide's.</summary>
    private static readonly string[] Pages = [Path.Combine(Root, "README.md"), Path.Combine(Root, "CONTRIBUTING.md"), .. Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories).Where(page => Path.GetFileName(page) != "texts.md")];

    /// <summary>The order in which README leads through them.</summary>
    private static readonly (string Word, string Page)[] Guides =
    [
        ("overview", "overview"), ("install", "install"), ("configure", "configure"), ("HTTPS", "https"), ("how it works", "how-it-works"),
        ("messages", "agents"), ("contacts", "contacts"), ("troubleshooting", "operations"),
    ];

    [Fact]
    public void Readme_leads_through_the_guides_in_the_order_of_need()
    {
        var readme = File.ReadAllText(Path.Combine(Root, "README.md"));
        var places = Guides.Select(guide => readme.IndexOf($"| [{guide.Word}](docs/{guide.Page}.md) |", StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public void Every_page_heading_and_picture_that_a_page_links_to_exists()
    {
        var links = Pages.SelectMany(page => Link().Matches(WithoutCode(File.ReadAllText(page))).Select(m => (Page: page, Target: m.Groups["to"].Value)))
            .Where(link => !link.Target.Contains("://", StringComparison.Ordinal)).ToList();
        Assert.Contains(links, link => link.Target.Contains('#', StringComparison.Ordinal));
        Assert.Equal([], links.Where(link => !LeadsSomewhere(link.Page, link.Target)).Select(link => $"{Path.GetRelativePath(Root, link.Page)}: {link.Target}"));
    }

    [Fact]
    public void Every_picture_of_the_guides_is_shown_somewhere_and_small()
    {
        var shown = string.Concat(Pages.Select(File.ReadAllText));
        var pictures = Directory.GetFiles(Path.Combine(Root, "docs/images"));
        Assert.NotEmpty(pictures);
        Assert.DoesNotContain(pictures, file => !shown.Contains("images/" + Path.GetFileName(file), StringComparison.Ordinal) || new FileInfo(file).Length > 150_000);
    }

    [Fact]
    public void Every_variable_that_a_guide_names_is_a_setting()
    {
        var settings = Variable().Matches(File.ReadAllText(Path.Combine(Root, "docs/configuration.md"))).Select(m => m.Value).ToHashSet();
        var named = UserPages().SelectMany(page => Variable().Matches(File.ReadAllText(page)).Select(m => m.Value)).Distinct().ToList();
        Assert.Contains("FOOTBRIDGE_CALLBACK_URL", named);
        // A name that ends in _ is the beginning of several: WHATSAPP_HOOK_*.
        Assert.DoesNotContain(named, name => !settings.Contains(name) && !(name.EndsWith('_') && settings.Any(setting => setting.StartsWith(name, StringComparison.Ordinal))));
    }

    [Fact]
    public void Every_setting_of_an_app_that_a_guide_names_is_read_somewhere()
    {
        var code = string.Concat(Directory.EnumerateFiles(Path.Combine(Root, "src/Footbridge.Server/Apps"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        var named = UserPages().SelectMany(page => AppSetting().Matches(File.ReadAllText(page)).Select(m => m.Groups[1].Value)).Distinct().ToList();
        Assert.Contains("drift", named);
        Assert.DoesNotContain(named, name => !code.Contains($"\"{name}\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_address_that_a_guide_calls_is_a_route()
    {
        var routes = Address().Matches(File.ReadAllText(Path.Combine(Root, "docs/compatibility.md")))
            .Concat(Address().Matches(File.ReadAllText(Path.Combine(Root, "docs/simulator.md")))).Select(m => Parts(m.Value)).Where(parts => parts[^1] != "*").ToList();
        var named = UserPages().Where(page => !page.EndsWith("simulator.md", StringComparison.Ordinal))
            .SelectMany(page => Address().Matches(File.ReadAllText(page)).Select(m => m.Value)).Distinct().ToList();
        Assert.Contains("/api/sendText", named);
        Assert.DoesNotContain(named, address => !routes.Any(route => Fits(Parts(address), route)));
    }

    /// <summary>README and the guides; not the pages about how it is made.</summary>
    private static IEnumerable<string> UserPages() =>
        Pages.Where(page => Path.GetRelativePath(Root, page) is var name && name != "CONTRIBUTING.md" && !name.Contains("decisions", StringComparison.Ordinal) && !name.Contains("protocol", StringComparison.Ordinal)
            && !name.EndsWith("architecture.md", StringComparison.Ordinal) && !name.EndsWith("benchmarks.md", StringComparison.Ordinal) && !name.EndsWith("compatibility.md", StringComparison.Ordinal));

    private static bool LeadsSomewhere(string page, string target)
    {
        var (path, heading) = target.Split('#') is [var before, var after] ? (before, after) : (target, "");
        var file = path.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, path));
        if (!File.Exists(file)) return heading.Length == 0 && Directory.Exists(file);
        return heading.Length == 0 || Heading().Matches(File.ReadAllText(file)).Any(m => Slug(m.Groups[1].Value) == heading);
    }

    /// <summary>A heading's anchor, as GitHub makes it.</summary>
    private static string Slug(string heading) =>
        string.Concat(heading.Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    private static string WithoutCode(string text) => Code().Replace(text, "");

    private static string[] Parts(string address) => address.Trim('/').Split('/');

    /// <summary>A part in braces stands for anything, on either side: <c>{session}</c> and <c>default</c> are the same place.</summary>
    private static bool Fits(string[] address, string[] route) =>
        address.Length == route.Length && address.Zip(route).All(pair => pair.First == pair.Second || pair.Second[0] == '{' || pair.First[0] is '{' or '<' or '…');

    [GeneratedRegex("""\]\((?<to>[^()\s]+)\)|src="(?<to>[^"]+)" """)]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```|`[^`\n]+`", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Code();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\b(WAHA|WHATSAPP|FOOTBRIDGE|REDIS)_[A-Z_]+")]
    private static partial Regex Variable();

    [GeneratedRegex(@"(?<![\w./])footbridge\.([a-z][A-Za-z]+)\b")]
    private static partial Regex AppSetting();

    [GeneratedRegex(@"/api/(?!v1/)[A-Za-z0-9_{}<>$…*-]+(/[A-Za-z0-9_{}<>$…*-]+)*")]
    private static partial Regex Address();
}
