using System.ComponentModel.DataAnnotations;

namespace Footbridge.Server.Config;

/// <summary>Files of messages: where they lie, for how long, and what may be fetched. Filled from the <c>WHATSAPP_FILES_*</c> variables and their like.</summary>
internal sealed class MediaSettings
{
    /// <summary>Null: inside the data folder.</summary>
    public string? Folder { get; set; }

    /// <summary>A file that was fetched is deleted after this; asked for later it is fetched again. Zero: kept.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromSeconds(180);

    /// <summary>Off: messages say that they have a file, and nothing more.</summary>
    public bool Downloads { get; set; } = true;

    /// <summary>Beginnings of the mimetypes that are fetched; empty: all.</summary>
    public IReadOnlyList<string> Mimetypes { get; set; } = [];

    /// <summary>Files fetched from WhatsApp at the same time, of all sessions.</summary>
    [Range(1, 100)] public int Concurrency { get; set; } = 4;

    /// <summary>Largest file, either way, MiB.</summary>
    [Range(1, 1_000_000)] public int MaxMegabytes { get; set; } = 2048;

    /// <summary>Whether a file to send may be at a private or loopback address.</summary>
    public bool SourcesMayBePrivate { get; set; } = true;

    /// <summary>Longest wait for a file to send to come from its address, without a byte.</summary>
    public TimeSpan SourceTimeout { get; set; } = TimeSpan.FromSeconds(30);

    public string Ffmpeg { get; set; } = "ffmpeg";

    /// <summary>Longest run of one conversion.</summary>
    public TimeSpan FfmpegTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>SHA-256 of a media host's certificate to trust besides those of the system; for a simulator.</summary>
    public byte[]? Certificate { get; set; }

    public long MaxBytes => MaxMegabytes * 1024L * 1024;

    /// <summary>Whether files of this mimetype are fetched.</summary>
    public bool Takes(string mimetype) =>
        Downloads && (Mimetypes.Count == 0 || Mimetypes.Any(prefix => mimetype.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)));
}
