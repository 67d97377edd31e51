namespace Footbridge.Server.Apps.Chatwoot.Wording;

/// <summary>An operator's own languages: <c>{code}.yml</c> or <c>.yaml</c> in one folder. What cannot be read is said and left out; the server starts all the same.</summary>
internal static class LocaleFolder
{
    // A language in files of both kinds is read from the second over the first.
    private static readonly string[] Extensions = [".yml", ".yaml"];

    /// <param name="folder">Null: there is none.</param>
    public static Dictionary<string, LocaleFile> Read(string? folder, ILogger logger)
    {
        var found = new Dictionary<string, LocaleFile>(StringComparer.Ordinal);
        if (folder is null) return found;
        if (!Directory.Exists(folder))
        {
            logger.LanguageFolderMissing(folder);
            return found;
        }

        foreach (var extension in Extensions)
        {
            foreach (var path in Directory.EnumerateFiles(folder).Where(path => Path.GetExtension(path) == extension).Order(StringComparer.Ordinal))
            {
                if (ReadFile(path, logger) is not { } file) continue;
                var code = Path.GetFileNameWithoutExtension(path);
                found[code] = found.TryGetValue(code, out var first) ? Over(first, file) : file;
            }
        }

        return found;
    }

    private static LocaleFile? ReadFile(string path, ILogger logger)
    {
        try
        {
            using var text = new StreamReader(path);
            var file = LocaleFile.Read(text);
            if (file.Ignored.Count > 0) logger.LanguageKeysIgnored(path, string.Join(", ", file.Ignored));
            return file;
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            logger.LanguageFileUnreadable(path, e.Message);
            return null;
        }
    }

    private static LocaleFile Over(LocaleFile first, LocaleFile second) => new(Merged(first.Texts, second.Texts), Merged(first.Date, second.Date), []);

    private static Dictionary<string, string> Merged(IReadOnlyDictionary<string, string> below, IReadOnlyDictionary<string, string> above)
    {
        var all = new Dictionary<string, string>(below, StringComparer.Ordinal);
        foreach (var (key, text) in above) all[key] = text;
        return all;
    }
}
