using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Footbridge.UnitTests.House;

/// <summary>The rooms of docs/architecture.md, held by a test.</summary>
public sealed partial class ShapeTests
{
    private const int MaxLines = 400;
    private static readonly string Root = RepositoryRoot.Find();

    /// <summary>Files that may be longer, each with its reason.</summary>
    private static readonly Dictionary<string, string> LongFiles = [];

    /// <summary>Pages that come with the part they describe.</summary>
    private static readonly string[] AwaitedPages = ["docs/simulator.md", "docs/compatibility.md"];

    [Theory]
    [InlineData("Protocol", "")]
    [InlineData("Engine", "Protocol")]
    [InlineData("Jobs", "")]
    [InlineData("Simulator", "Protocol")]
    [InlineData("Server", "Engine Jobs Protocol")]
    public void A_project_uses_only_the_projects_below_it(string project, string allowed)
    {
        var file = XDocument.Load(Path.Combine(Root, $"src/Footbridge.{project}/Footbridge.{project}.csproj"));
        var used = file.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!)["Footbridge.".Length..]);
        Assert.Equal(allowed, string.Join(' ', used.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("src/Footbridge.Protocol", @"System\.Net|System\.IO\.(File|Directory)|TimeProvider|Microsoft\.Extensions|ILogger")]
    [InlineData("src/Footbridge.Engine", @"Microsoft\.AspNetCore|StackExchange|Microsoft\.Data\.Sqlite|Footbridge\.(Server|Jobs|Simulator)")]
    [InlineData("src/Footbridge.Jobs", "(?i)whatsapp|chatwoot")]
    [InlineData("src/Footbridge.Simulator", @"Footbridge\.(Engine|Server|Jobs)")]
    [InlineData("src/Footbridge.Server", @"Footbridge\.Simulator")]
    public void A_folder_stays_clear_of_what_is_not_its_business(string folder, string forbidden)
    {
        var pattern = new Regex(forbidden, RegexOptions.None, TimeSpan.FromSeconds(5));
        var offenders = SourceFiles(folder).Where(f => pattern.IsMatch(WithoutComments(File.ReadAllText(f)))).Select(Relative);
        Assert.Empty(offenders);
    }

    [Fact]
    public void No_file_is_longer_than_400_lines_but_those_listed_with_a_reason()
    {
        var offenders = SourceFiles("src").Concat(SourceFiles("tests")).Concat(SourceFiles("bench"))
            .Where(f => File.ReadLines(f).Count() > MaxLines).Select(Relative).Where(f => !LongFiles.ContainsKey(f));
        Assert.Empty(offenders);
    }

    [Fact]
    public void Every_file_that_the_architecture_names_exists()
    {
        var named = CodePath().Matches(File.ReadAllText(Path.Combine(Root, "docs/architecture.md"))).Select(m => m.Value).Distinct().ToList();
        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, path => !File.Exists(Path.Combine(Root, "src", "Footbridge." + path)));
    }

    [Fact]
    public void Every_page_that_code_or_another_page_names_exists()
    {
        var code = SourceFiles("src").Concat(SourceFiles("tests")).Concat(SourceFiles("bench"));
        var inCode = code.SelectMany(f => DocsPath().Matches(File.ReadAllText(f))).Select(m => m.Value);
        var inPages = Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
            .SelectMany(f => PageLink().Matches(File.ReadAllText(f)).Select(m => Relative(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(f)!, m.Groups[1].Value)))));
        var named = inCode.Concat(inPages).Distinct().ToList();
        Assert.Contains("docs/protocol/signal.md", named);
        Assert.DoesNotContain(named, page => !AwaitedPages.Contains(page) && !File.Exists(Path.Combine(Root, page)));
    }

    [GeneratedRegex(@"docs/[a-z/0-9-]+\.md")]
    private static partial Regex DocsPath();

    [GeneratedRegex(@"\]\(([a-z/0-9.-]+\.md)\)")]
    private static partial Regex PageLink();

    [GeneratedRegex(@"\b(Protocol|Engine|Jobs|Server|Simulator)/[A-Za-z/]+\.cs\b")]
    private static partial Regex CodePath();

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comment();

    private static string WithoutComments(string code) => Comment().Replace(code, "");

    private static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    private static string Relative(string file) => Path.GetRelativePath(Root, file);
}
