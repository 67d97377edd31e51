using System.Globalization;

namespace Footbridge.Server.Apps.Chatwoot.Wording;

/// <summary>Sizes of files, as people read them.</summary>
internal static class FileSize
{
    private static readonly string[] Units = ["B", "KB", "MB", "GB", "TB"];

    /// <summary>With one decimal at most, in the largest unit that leaves a whole.</summary>
    public static string Text(long bytes)
    {
        var (size, unit) = ((double)bytes, 0);
        for (; size >= 1024 && unit < Units.Length - 1; unit++) size /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{size:0.#} {Units[unit]}");
    }
}
