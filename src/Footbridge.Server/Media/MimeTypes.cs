using System.Net.Http.Headers;
using System.Text;

namespace Footbridge.Server.Media;

/// <summary>What a file is: by what its sender says, by its first bytes, by its name.</summary>
internal static class MimeTypes
{
    public const string Unknown = "application/octet-stream";

    /// <summary>Bytes that <see cref="Detect"/> wants to see.</summary>
    public const int HeadBytes = 64;

    private static readonly (string Mimetype, string Extension)[] Table =
    [
        ("image/jpeg", "jpeg"), ("image/jpeg", "jpg"), ("image/png", "png"), ("image/gif", "gif"), ("image/webp", "webp"), ("image/svg+xml", "svg"), ("image/bmp", "bmp"),
        ("image/heic", "heic"), ("image/tiff", "tiff"), ("video/mp4", "mp4"), ("video/3gpp", "3gp"), ("video/quicktime", "mov"), ("video/webm", "webm"), ("video/x-matroska", "mkv"),
        ("video/x-msvideo", "avi"), ("audio/ogg", "oga"), ("audio/ogg", "ogg"), ("audio/ogg", "opus"), ("audio/mpeg", "mp3"), ("audio/mp4", "m4a"), ("audio/aac", "aac"), ("audio/amr", "amr"),
        ("audio/wav", "wav"), ("audio/flac", "flac"), ("application/pdf", "pdf"), ("application/zip", "zip"), ("application/was", "zip"), ("application/gzip", "gz"), ("application/x-7z-compressed", "7z"),
        ("application/vnd.rar", "rar"), ("application/json", "json"), ("application/xml", "xml"), ("application/rtf", "rtf"), ("application/msword", "doc"),
        ("application/vnd.ms-excel", "xls"), ("application/vnd.ms-powerpoint", "ppt"), ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"), ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
        ("application/vnd.oasis.opendocument.text", "odt"), ("application/vnd.oasis.opendocument.spreadsheet", "ods"), ("application/vnd.android.package-archive", "apk"),
        ("text/plain", "txt"), ("text/csv", "csv"), ("text/html", "html"), ("text/markdown", "md"), ("text/vcard", "vcf"), ("text/calendar", "ics"), (Unknown, "bin"),
    ];

    private static readonly Dictionary<string, string> Extensions = Table.GroupBy(t => t.Mimetype).ToDictionary(g => g.Key, g => g.First().Extension, StringComparer.OrdinalIgnoreCase);
    private static readonly Dictionary<string, string> ByExtension = Table.GroupBy(t => t.Extension).ToDictionary(g => g.Key, g => g.First().Mimetype, StringComparer.OrdinalIgnoreCase);

    /// <summary>Type and subtype, without parameters, in lower case.</summary>
    public static string Essence(string mimetype) => mimetype.Split(';')[0].Trim().ToLowerInvariant();

    /// <summary>A mimetype as somebody else gave it, if it is one; it goes into a header.</summary>
    public static string Clean(string? mimetype) => MediaTypeHeaderValue.TryParse(mimetype, out var parsed) && mimetype.Length <= 200 ? parsed.ToString() : Unknown;

    /// <summary>Without a dot; <c>bin</c> for what is not known.</summary>
    public static string ExtensionOf(string mimetype) => Extensions.GetValueOrDefault(Essence(mimetype), "bin");

    /// <summary>By a name's extension; null when it says nothing.</summary>
    public static string? OfName(string? name) => name is not null && Path.GetExtension(name) is { Length: > 1 } extension ? ByExtension.GetValueOrDefault(extension[1..]) : null;

    /// <summary>By a file's first bytes; null when they say nothing.</summary>
    public static string? Detect(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "image/gif",
        [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..] => "image/bmp",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', (byte)'-', ..] => "application/pdf",
        [0x1A, 0x45, 0xDF, 0xA3, ..] => head.IndexOf("webm"u8) > 0 ? "video/webm" : "video/x-matroska",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, .. var kind] => kind.StartsWith("WEBP"u8) ? "image/webp" : kind.StartsWith("WAVE"u8) ? "audio/wav" : kind.StartsWith("AVI "u8) ? "video/x-msvideo" : null,
        [(byte)'O', (byte)'g', (byte)'g', (byte)'S', ..] => head.IndexOf("OpusHead"u8) > 0 ? "audio/ogg; codecs=opus" : "audio/ogg",
        [(byte)'I', (byte)'D', (byte)'3', ..] or [0xFF, 0xFB or 0xF3 or 0xF2, ..] => "audio/mpeg",
        [0xFF, 0xF1 or 0xF9, ..] => "audio/aac",
        [(byte)'#', (byte)'!', (byte)'A', (byte)'M', (byte)'R', ..] => "audio/amr",
        [(byte)'f', (byte)'L', (byte)'a', (byte)'C', ..] => "audio/flac",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', .. var brand] => OfBrand(brand),
        [(byte)'P', (byte)'K', 3, 4, ..] => "application/zip",
        [0x1F, 0x8B, ..] => "application/gzip",
        _ => null,
    };

    /// <summary>A file name for people, from whatever a sender called it.</summary>
    public static string? CleanName(string? name)
    {
        if (name is null) return null;
        var clean = new StringBuilder();
        foreach (var rune in name[(name.LastIndexOfAny(['/', '\\']) + 1)..].EnumerateRunes())
        {
            if (!Rune.IsControl(rune) && clean.Length < 200) clean.Append(rune);
        }

        return clean.Length == 0 ? null : clean.ToString();
    }

    private static string OfBrand(ReadOnlySpan<byte> brand) =>
        brand.StartsWith("M4A"u8) ? "audio/mp4" : brand.StartsWith("qt"u8) ? "video/quicktime" : brand.StartsWith("3gp"u8) ? "video/3gpp" : brand.StartsWith("hei"u8) || brand.StartsWith("mif1"u8) ? "image/heic" : "video/mp4";
}
