using System.Globalization;
using System.Text.Json.Nodes;
using Footbridge.Engine.Messages;
using Footbridge.Server.Config;

namespace Footbridge.Server.Media;

/// <summary>Makes files into what plays on phones, and finds out what messages say about them.</summary>
internal sealed class Transcoder(Ffmpeg ffmpeg, Settings settings, ILogger<Transcoder> logger)
{
    public const string VoiceMimetype = "audio/ogg; codecs=opus";
    public const string VideoMimetype = "video/mp4";
    private const int MaxThumbnailBytes = 16 * 1024;
    private const int MaxPictureBytes = 1024 * 1024;
    private static readonly string[] ToVoice = ["-vn", "-map_metadata", "-1", "-c:a", "libopus", "-b:a", "32k", "-ar", "48000", "-ac", "1", "-f", "ogg"];

    private static readonly string[] ToPlayable = ["-vn", "-map_metadata", "-1", "-c:a", "aac", "-b:a", "48k", "-ac", "1", "-movflags", "+faststart", "-f", "ipod"];

    // Phones want 4:2:0, and that wants even sides.
    private static readonly string[] ToVideo = ["-map_metadata", "-1", "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-vf", "scale=trunc(iw/2)*2:trunc(ih/2)*2", "-movflags", "+faststart", "-f", "mp4"];
    private static readonly string[] WithSound = ["-c:a", "aac", "-b:a", "128k"];
    private static readonly string[] ToThumbnail = ["-frames:v", "1", "-an", "-vf", "scale='min(96,iw)':-2", "-c:v", "mjpeg", "-q:v", "8", "-pix_fmt", "yuvj420p", "-f", "image2pipe", "pipe:1"];
    private static readonly string[] ToPicture = ["-frames:v", "1", "-an", "-vf", "scale=640:640:force_original_aspect_ratio=increase,crop=640:640", "-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p", "-f", "image2pipe", "pipe:1"];
    private static readonly string[] ToLinkPicture = ["-frames:v", "1", "-an", "-vf", "scale='min(1200,iw)':-2", "-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p", "-f", "mjpeg"];
    private static readonly string[] ToSamples = ["-vn", "-ac", "1", "-ar", Waveform.SampleRate.ToString(CultureInfo.InvariantCulture), "-f", "s16le", "pipe:1"];

    /// <summary>Opus in Ogg, as voice messages must be.</summary>
    /// <exception cref="FfmpegException">The file has no sound that can be read, or ffmpeg is not there.</exception>
    public Task<OutgoingFile> ToVoiceAsync(OutgoingFile file, CancellationToken ct) => ConvertAsync(file, ToVoice, VoiceMimetype, "oga", ct);

    /// <summary>AAC in MP4, which every browser plays.</summary>
    /// <exception cref="FfmpegException">The file has no sound that can be read, or ffmpeg is not there.</exception>
    public async Task<(string Path, string Mimetype, string Name)> ToPlayableAsync(string path, string name, CancellationToken ct) =>
        (await ConvertAsync(path, ToPlayable, ct), "audio/mp4", Path.ChangeExtension(name, "m4a"));

    /// <summary>H.264 and AAC in MP4 that begins to play before it is whole.</summary>
    /// <exception cref="FfmpegException">The file has no pictures that can be read, or ffmpeg is not there.</exception>
    public Task<OutgoingFile> ToVideoAsync(OutgoingFile file, CancellationToken ct) => ConvertAsync(file, [.. WithSound, .. ToVideo], VideoMimetype, "mp4", ct);

    /// <summary>A picture of a person or a group: a JPEG as it is when it is not large, anything else cut to a square of 640 pixels.</summary>
    /// <exception cref="FfmpegException">The file shows nothing that can be read, or ffmpeg is not there.</exception>
    public async Task<byte[]> ToPictureAsync(OutgoingFile file, CancellationToken ct)
    {
        if (file.Essence == "image/jpeg" && new FileInfo(file.Path).Length <= MaxPictureBytes)
        {
            var bytes = await File.ReadAllBytesAsync(file.Path, ct);
            // The caller may have named the type; what goes out as a JPEG is one.
            if (MimeTypes.Detect(bytes) == "image/jpeg") return bytes;
        }

        using var picture = new MemoryStream();
        await ffmpeg.RunAsync(file.Path, ToPicture, picture, ct);
        return picture.ToArray();
    }

    /// <summary>A picture of a linked page as the JPEG that phones show large.</summary>
    /// <exception cref="FfmpegException">The file shows nothing that can be read, or ffmpeg is not there.</exception>
    public Task<OutgoingFile> ToLinkPictureAsync(OutgoingFile file, CancellationToken ct) => ConvertAsync(file, ToLinkPicture, "image/jpeg", "jpeg", ct);

    /// <summary>What a message says of a file beside its kind; what cannot be found out is left out, and never fails the send.</summary>
    /// <param name="isStrangers">It came from an address that somebody wrote: what reads it is a process of its own.</param>
    public async Task<MediaDetails> DescribeAsync(OutgoingFile file, CancellationToken ct, bool isStrangers = false)
    {
        var details = new MediaDetails(file.Mimetype) { FileName = file.FileName };
        try
        {
            var kind = file.Essence.Split('/')[0];
            if (kind == "audio") return await WithWaveformAsync(details, file, ct);
            if (kind is not ("image" or "video")) return details;
            if (kind == "image" && !isStrangers && PictureReader.Read(file.Path) is { } facts) return details with { Width = facts.Width, Height = facts.Height, Thumbnail = facts.Thumbnail };
            details = Measure(details, JsonNode.Parse(await ffmpeg.ProbeAsync(file.Path, ct)), kind);
            using var thumbnail = new MemoryStream();
            await ffmpeg.RunAsync(file.Path, ToThumbnail, thumbnail, ct);
            return thumbnail.Length is > 0 and <= MaxThumbnailBytes ? details with { Thumbnail = thumbnail.ToArray() } : details;
        }
        catch (Exception e) when (e is FfmpegException or System.Text.Json.JsonException)
        {
            logger.MediaNotDescribed(e.Message);
            return details;
        }
    }

    private async Task<OutgoingFile> ConvertAsync(OutgoingFile file, IReadOnlyList<string> arguments, string mimetype, string extension, CancellationToken ct) =>
        new(await ConvertAsync(file.Path, arguments, ct), mimetype, Path.ChangeExtension(file.FileName, extension));

    private async Task<string> ConvertAsync(string input, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var path = ScratchFolder.NewFile(settings);
        try
        {
            await ffmpeg.RunAsync(input, [.. arguments, path], null, ct);
            return path;
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private async Task<MediaDetails> WithWaveformAsync(MediaDetails details, OutgoingFile file, CancellationToken ct)
    {
        await using var waveform = new Waveform();
        await ffmpeg.RunAsync(file.Path, ToSamples, waveform, ct);
        return details with { Seconds = (uint)Math.Max(1, Math.Round(waveform.Duration.TotalSeconds)), Waveform = waveform.ToBars() };
    }

    private static MediaDetails Measure(MediaDetails details, JsonNode? probe, string kind)
    {
        var picture = (probe?["streams"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(s => s["codec_type"]?.ToString() == "video");
        if (picture?["width"]?.GetValue<long>() is > 0 and < 100_000 and var width && picture["height"]?.GetValue<long>() is > 0 and < 100_000 and var height)
        {
            details = details with { Width = (uint)width, Height = (uint)height };
        }

        return kind == "video" && double.TryParse(probe?["format"]?["duration"]?.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 1e6
            ? details with { Seconds = (uint)Math.Max(1, Math.Round(seconds)) }
            : details;
    }
}
