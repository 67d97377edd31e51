using System.Diagnostics;

namespace Footbridge.SystemTests;

/// <summary>The installed ffmpeg, which makes files for tests and is what the product runs.</summary>
internal static class FfmpegTool
{
    /// <summary>Skips on a machine without ffmpeg, and fails on CI.</summary>
    public static void Require()
    {
        if ((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "ffmpeg")))) return;
        Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "ffmpeg is not installed: sudo apt-get install ffmpeg");
        Assert.Fail("ffmpeg is not installed: bin/install-test-tools installs it");
    }

    /// <summary>A second of a picture or a tone, in the format that the extension says.</summary>
    public static async Task<byte[]> MakeAsync(string source, string extension, CancellationToken ct, params string[] arguments)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.{extension}");
        try
        {
            await RunAsync(["-f", "lavfi", "-i", source, .. arguments, path], ct);
            return await File.ReadAllBytesAsync(path, ct);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task RunAsync(string[] arguments, CancellationToken ct)
    {
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", ["-nostdin", "-loglevel", "error", .. arguments]) { RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        Assert.True(process.ExitCode == 0, errors);
    }
}
