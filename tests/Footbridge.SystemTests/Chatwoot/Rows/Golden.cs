namespace Footbridge.SystemTests.Chatwoot.Rows;

/// <summary>
/// What each row brings, to the letter: <c>tests/vectors/chatwoot/rows/SECTION/ROW.json</c>, and <c>ROW.VERSION.json</c> where that version
/// brings something else than the newest.
/// </summary>
internal static class Golden
{
    /// <summary>When it is set, the files are written anew instead; twice, because versions are compared with the newest.</summary>
    public const string RewriteVariable = "FOOTBRIDGE_TEST_REWRITE";

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "vectors", "chatwoot", "rows");

    public static void Check(string section, string row, string version, string got)
    {
        var (common, own) = (PathOf(section, row), PathOf(section, $"{row}.{version}"));
        if (Environment.GetEnvironmentVariable(RewriteVariable) is { Length: > 0 }) Rewrite(common, own, version, got);
        Assert.Equal(File.ReadAllText(File.Exists(own) ? own : common).ReplaceLineEndings("\n"), got);
    }

    /// <summary>The rows of a section that have files.</summary>
    public static IEnumerable<string> RowsOf(string section) => Directory.EnumerateFiles(Path.Combine(Folder, section)).Select(file => Path.GetFileName(file).Split('.')[0]).Distinct().Order(StringComparer.Ordinal);

    private static string PathOf(string section, string name) => Path.Combine(Folder, section, name + ".json");

    private static void Rewrite(string common, string own, string version, string got)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(common)!);
        if (version == RowWorlds.Versions[0] || !File.Exists(common)) File.WriteAllText(common, got);
        if (File.ReadAllText(common) == got) File.Delete(own);
        else File.WriteAllText(own, got);
    }
}
