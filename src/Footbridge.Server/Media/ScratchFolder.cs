using Footbridge.Server.Config;

namespace Footbridge.Server.Media;

/// <summary>Files of one request, beside those of messages and for this user alone.</summary>
internal static class ScratchFolder
{
    public const string Name = ".scratch";

    public static string PathOf(Settings settings) => Path.Combine(settings.FilesFolder, Name);

    /// <summary>The path of a new, empty file.</summary>
    public static string NewFile(Settings settings)
    {
        var folder = Directory.CreateDirectory(PathOf(settings));
        var path = Path.Combine(folder.FullName, Guid.NewGuid().ToString("N"));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(path, options).Dispose();
        return path;
    }

    /// <summary>Deletes what a crash left.</summary>
    public static void Empty(Settings settings)
    {
        if (Directory.Exists(PathOf(settings))) Directory.Delete(PathOf(settings), recursive: true);
    }
}
