using System.Text.RegularExpressions;

namespace Footbridge.UnitTests.House;

/// <summary>tests/vectors/README.md says of every section whether a test uses it; this holds it to that.</summary>
public sealed class VectorCoverageTests
{
    private static readonly string Root = RepositoryRoot.Find();

    public static TheoryData<string, string> Sections => [.. new[] { "wa-vectors.json", "interop-vectors.json" }
        .SelectMany(file => Vectors.Load(file).EnumerateObject().Where(p => p.Name != "comment").Select(p => (file, p.Name)))];

    [Theory]
    [MemberData(nameof(Sections))]
    public void Every_section_is_used_by_the_test_the_table_names_or_marked_as_later(string file, string section)
    {
        var readme = File.ReadAllText(Path.Combine(Root, "tests/vectors/README.md"));
        var row = Regex.Match(readme, $@"^\| `{section}` \| (?<read>.+) \| (?<written>.+) \| (?<user>.+) \|$", RegexOptions.Multiline, TimeSpan.FromSeconds(5));
        Assert.True(row.Success, $"{section} of {file} has no row in tests/vectors/README.md");
        Assert.Equal(row.Groups["read"].Value == "later", row.Groups["written"].Value == "later");
        if (row.Groups["read"].Value == "later") return;
        var user = row.Groups["user"].Value.Trim('`');
        var code = new[] { "Protocol", "" }.Select(folder => Path.Combine(Root, "tests/Footbridge.UnitTests", folder, user + ".cs")).Single(File.Exists);
        Assert.Contains($"\"{section}\"", File.ReadAllText(code), StringComparison.Ordinal);
    }
}
