using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Media;

/// <summary>Runs ffmpeg and ffprobe on files that strangers made.</summary>
internal sealed class Ffmpeg(Settings settings, TimeProvider time)
{
    private const int MaxErrorLength = 500;

    /// <summary>No playlist, no concat list: those make ffmpeg open other files and addresses.</summary>
    private static readonly string[] Guards =
    [
        "-protocol_whitelist", "file,pipe",
        "-format_whitelist", "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,ogg,mp3,wav,aac,flac,amr,avi,gif,jpeg_pipe,png_pipe,webp_pipe,bmp_pipe,tiff_pipe,mpegts,mpeg,flv,asf,caf",
    ];

    /// <summary>Runs ffmpeg on a file; <paramref name="arguments"/> say what to make, the output last.</summary>
    /// <param name="output">Takes what ffmpeg writes to <c>pipe:1</c>.</param>
    /// <exception cref="FfmpegException">It is not installed, failed, or took too long.</exception>
    public Task RunAsync(string input, IReadOnlyList<string> arguments, Stream? output, CancellationToken ct) =>
        StartAsync(settings.Media.Ffmpeg, ["-nostdin", "-hide_banner", "-loglevel", "error", "-y", .. Guards, "-i", input, .. arguments], output, ct);

    /// <summary>What ffprobe says about a file, as JSON.</summary>
    /// <exception cref="FfmpegException">It is not installed, failed, or took too long.</exception>
    public async Task<byte[]> ProbeAsync(string input, CancellationToken ct)
    {
        var ffprobe = settings.Media.Ffmpeg is var path && path.EndsWith("ffmpeg", StringComparison.Ordinal) ? path[..^"ffmpeg".Length] + "ffprobe" : "ffprobe";
        using var output = new MemoryStream();
        await StartAsync(ffprobe, ["-v", "error", .. Guards, "-show_entries", "format=duration:stream=codec_type,width,height", "-of", "json", input], output, ct);
        return output.ToArray();
    }

    /// <summary>Which one is installed.</summary>
    /// <exception cref="FfmpegException">None.</exception>
    public async Task<string> VersionAsync(CancellationToken ct)
    {
        using var output = new MemoryStream();
        await StartAsync(settings.Media.Ffmpeg, ["-hide_banner", "-version"], output, ct);
        var said = Encoding.UTF8.GetString(output.ToArray()).Split('\n')[0];
        return said.Split(" Copyright", 2)[0];
    }

    private async Task StartAsync(string program, IReadOnlyList<string> arguments, Stream? output, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(settings.Media.FfmpegTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        using var process = new Process { StartInfo = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false } };
        Start(process, program);
        try
        {
            var errors = ReadErrorsAsync(process, either.Token);
            await process.StandardOutput.BaseStream.CopyToAsync(output ?? Stream.Null, either.Token);
            await process.WaitForExitAsync(either.Token);
            var said = await errors;
            if (process.ExitCode != 0) throw new FfmpegException($"the file could not be converted: {said}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new FfmpegException($"the conversion took longer than {settings.Media.FfmpegTimeout.TotalSeconds:0} s (FOOTBRIDGE_FFMPEG_SECONDS)");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static void Start(Process process, string program)
    {
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            throw new FfmpegException($"{program} is not installed where Footbridge runs, and is needed for this (FOOTBRIDGE_FFMPEG)");
        }
    }

    /// <summary>The beginning of what it complains of; all of it is read, or it would stand still. Paths are ours and of no use to a caller.</summary>
    private static async Task<string> ReadErrorsAsync(Process process, CancellationToken ct)
    {
        var text = await process.StandardError.ReadToEndAsync(ct);
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split("/.scratch/")[^1]);
        var said = string.Join("; ", lines);
        return said.Length <= MaxErrorLength ? said : said[..MaxErrorLength];
    }
}

/// <summary>A file could not be converted or looked into.</summary>
internal sealed class FfmpegException(string message) : Exception(message);
