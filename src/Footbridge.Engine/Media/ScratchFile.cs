namespace Footbridge.Engine.Media;

/// <summary>A file that is gone when it is closed.</summary>
internal static class ScratchFile
{
    private const int BufferBytes = 128 * 1024;

    public static FileStream Create(MediaOptions options) => Open(NewPath(options), FileOptions.DeleteOnClose);

    /// <summary>A path where nothing is, in a folder that is there: nobody else makes it at the first start.</summary>
    public static string NewPath(MediaOptions options)
    {
        Directory.CreateDirectory(options.ScratchFolder);
        return Path.Combine(options.ScratchFolder, $"footbridge-{Guid.NewGuid():N}.part");
    }

    /// <summary>Readable by nobody but this user; what it holds is private.</summary>
    public static FileStream Open(string path, FileOptions more = FileOptions.None)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = BufferBytes,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan | more,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(path, options);
    }
}
