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

    /// <summary>What a folder's code must not say. Comments are read in Jobs only: there a word gives away what the broker should not know.</summary>
    private static readonly Dictionary<string, string> Forbidden = new()
    {
        ["src/Footbridge.Protocol"] = @"System\.Net\b|\b(File|Directory|FileStream|FileInfo|Socket|HttpClient|Console|Environment|Stopwatch|TimeProvider|IServiceProvider|ILogger)\b|Microsoft\.Extensions|\.(Utc)?Now\b|Task\.Delay",
        ["src/Footbridge.Engine"] = @"Microsoft\.AspNetCore|StackExchange|Microsoft\.Data\.Sqlite|Footbridge\.(Server|Jobs|Simulator)",
        ["src/Footbridge.Jobs"] = "(?i)whatsapp|chatwoot",
        ["src/Footbridge.Simulator"] = @"Footbridge\.(Engine|Server|Jobs)",
        ["src/Footbridge.Server"] = @"Footbridge\.Simulator",
    };

    /// <summary>Pages that come with the part they describe.</summary>
    private static readonly string[] AwaitedPages = ["docs/simulator.md", "docs/compatibility.md"];

    /// <summary>Packages that are pinned for a part to come.</summary>
    private static readonly string[] AwaitedPackages = ["Microsoft.Playwright"];

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
    [MemberData(nameof(Folders))]
    public void A_folder_stays_clear_of_what_is_not_its_business(string folder)
    {
        var offenders = SourceFiles(folder).Where(f => Breaks(folder, File.ReadAllText(f))).Select(Relative);
        Assert.Empty(offenders);
    }

    [Theory]
    [InlineData("src/Footbridge.Protocol", "using System.Net.Sockets;")]
    [InlineData("src/Footbridge.Protocol", "var key = File.ReadAllBytes(path);")]
    [InlineData("src/Footbridge.Protocol", "TimeProvider time")]
    [InlineData("src/Footbridge.Protocol", "DateTimeOffset.UtcNow")]
    [InlineData("src/Footbridge.Protocol", "ILogger logger")]
    [InlineData("src/Footbridge.Protocol", "IServiceProvider services")]
    [InlineData("src/Footbridge.Engine", "using Microsoft.AspNetCore.Http;")]
    [InlineData("src/Footbridge.Engine", "using StackExchange.Redis;")]
    [InlineData("src/Footbridge.Engine", "using Footbridge.Server.Storage;")]
    [InlineData("src/Footbridge.Jobs", "// a WhatsApp message")]
    [InlineData("src/Footbridge.Jobs", "string chatwootUrl")]
    [InlineData("src/Footbridge.Simulator", "using Footbridge.Engine.Messages;")]
    [InlineData("src/Footbridge.Server", "using Footbridge.Simulator.WhatsApp;")]
    public void Each_border_catches_who_crosses_it(string folder, string code) => Assert.True(Breaks(folder, code));

    [Theory]
    [InlineData("Protocol")]
    [InlineData("Engine")]
    [InlineData("Jobs")]
    public void A_library_is_built_without_the_web_framework(string project)
    {
        var file = XDocument.Load(Path.Combine(Root, $"src/Footbridge.{project}/Footbridge.{project}.csproj"));
        Assert.Equal("Microsoft.NET.Sdk", (string?)file.Root!.Attribute("Sdk"));
        Assert.Empty(file.Descendants("FrameworkReference"));
    }

    [Fact]
    public void What_the_house_bans_is_banned_with_its_reason_and_as_an_error()
    {
        var banned = File.ReadAllLines(Path.Combine(Root, "BannedSymbols.txt")).Select(line => line.Split(';')).ToDictionary(p => p[0], p => p[1]);
        foreach (var symbol in new[]
        {
            "P:System.DateTime.UtcNow", "P:System.DateTime.Now", "P:System.DateTimeOffset.UtcNow", "P:System.DateTimeOffset.Now", "P:System.Threading.Tasks.Task`1.Result",
            "P:System.Threading.Tasks.ValueTask`1.Result", "M:System.Threading.Tasks.Task.Wait", "M:System.Threading.Thread.Sleep(System.Int32)",
            "M:System.Threading.Thread.Sleep(System.TimeSpan)", "M:System.Net.Http.HttpClient.#ctor",
        }) Assert.NotEmpty(banned[symbol]);
        Assert.Contains("dotnet_diagnostic.RS0030.severity = error", File.ReadAllText(Path.Combine(Root, ".editorconfig")), StringComparison.Ordinal);
        Assert.Contains("<TreatWarningsAsErrors>true", File.ReadAllText(Path.Combine(Root, "Directory.Build.props")), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_pinned_package_is_used_and_has_a_record_of_why()
    {
        var used = Directory.EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories).Append(Path.Combine(Root, "Directory.Build.props"))
            .SelectMany(f => XDocument.Load(f).Descendants("PackageReference")).Select(r => (string)r.Attribute("Include")!).ToHashSet();
        var records = string.Concat(Directory.EnumerateFiles(Path.Combine(Root, "docs/decisions"), "*.md").Select(File.ReadAllText));
        var pinned = XDocument.Load(Path.Combine(Root, "Directory.Packages.props")).Descendants("PackageVersion").Select(v => (string)v.Attribute("Include")!).ToList();
        Assert.Equal(used.Union(AwaitedPackages).Order(StringComparer.Ordinal), pinned.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(used, package => !records.Contains($"`{package}`", StringComparison.Ordinal));
    }

    [Fact]
    public void No_file_is_longer_than_400_lines_but_those_listed_with_a_reason()
    {
        var offenders = SourceFiles("src").Concat(SourceFiles("tests")).Concat(SourceFiles("bench"))
            .Where(f => File.ReadLines(f).Count() > MaxLines).Select(Relative).Order(StringComparer.Ordinal);
        Assert.Equal(LongFiles.Keys.Order(StringComparer.Ordinal), offenders);
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

    public static TheoryData<string> Folders => [.. Forbidden.Keys];

    private static bool Breaks(string folder, string code) =>
        Regex.IsMatch(folder == "src/Footbridge.Jobs" ? code : WithoutComments(code), Forbidden[folder], RegexOptions.None, TimeSpan.FromSeconds(5));

    private static string WithoutComments(string code) => Comment().Replace(code, "");

    private static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    private static string Relative(string file) => Path.GetRelativePath(Root, file);
}
