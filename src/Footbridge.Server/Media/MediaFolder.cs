using Footbridge.Server.Config;

namespace Footbridge.Server.Media;

/// <summary>Files of messages on the disk: a folder for each session. Names come from the table and nowhere else.</summary>
internal sealed class MediaFolder(Settings settings)
{
    public string PathOf(string account, string name) => Path.Combine(settings.FilesFolder, account, name);

    /// <summary>The file's place, in a folder that is there.</summary>
    public string Prepare(string account, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(settings.FilesFolder, account));
        if (!OperatingSystem.IsWindows()) folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        return PathOf(account, name);
    }

    public void Delete(string account, string name) => File.Delete(PathOf(account, name));

    public void DeleteAll(string account)
    {
        if (Path.Combine(settings.FilesFolder, account) is var folder && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    /// <summary>Deletes what a crash left of a session: files that are not known to be whole. Gives those known that are missing.</summary>
    public IReadOnlyList<string> Tidy(string account, IReadOnlySet<string> known)
    {
        var folder = Path.Combine(settings.FilesFolder, account);
        if (!Directory.Exists(folder)) return [.. known];
        var present = Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)!).ToHashSet(StringComparer.Ordinal);
        foreach (var name in present.Except(known)) File.Delete(Path.Combine(folder, name));
        return [.. known.Except(present)];
    }
}
