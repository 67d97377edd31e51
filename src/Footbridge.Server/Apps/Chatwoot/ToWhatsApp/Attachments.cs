using System.Text.Json.Nodes;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Media;

namespace Footbridge.Server.Apps.Chatwoot.ToWhatsApp;

/// <summary>The files of an agent's message, and as what each goes out.</summary>
internal static class Attachments
{
    private const string StoragePath = "/rails/active_storage/";

    /// <summary>Chatwoot's own places in a text to send (a shared location or contact) are no files and are left out.</summary>
    public static IReadOnlyList<(SendKind Kind, SendFile File)> Of(JsonObject body, string chatwootUrl) =>
        [.. (body["attachments"] as JsonArray ?? []).OfType<JsonObject>().Select(shape => Read(shape, chatwootUrl)).OfType<(SendKind, SendFile)>()];

    private static (SendKind Kind, SendFile File)? Read(JsonObject shape, string chatwootUrl)
    {
        if (!Uri.TryCreate(shape["data_url"]?.ToString(), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) return null;
        var type = shape["file_type"]?.ToString() ?? "file";
        if (type is "location" or "contact" or "fallback") return null;
        var name = MimeTypes.CleanName(Uri.UnescapeDataString(address.AbsolutePath));
        // The type that Chatwoot found out goes before what the name says; addresses with a query have their name before it.
        var mimetype = Text(shape["content_type"]) ?? MimeTypes.OfName("x." + Text(shape["extension"])) ?? MimeTypes.OfName(name);
        var file = new SendFile(Reachable(address, chatwootUrl).AbsoluteUri, name ?? "file." + MimeTypes.ExtensionOf(mimetype ?? MimeTypes.Unknown), mimetype, CallbackFields.Number(shape["file_size"]), chatwootUrl);
        return (KindOf(type, mimetype is null ? null : MimeTypes.Essence(mimetype)), file);
    }

    /// <summary>Images that phones do not show as such are documents; animated ones play as films do.</summary>
    private static SendKind KindOf(string type, string? mimetype) => (type, mimetype) switch
    {
        ("image", null or "image/jpeg" or "image/jpg" or "image/png") => SendKind.Image,
        ("image", "image/gif") or ("video", _) => SendKind.Video,
        ("audio", _) => SendKind.Voice,
        _ => SendKind.Document,
    };

    /// <summary>Chatwoot names its own files by its public address, which may lead nowhere from here; the configured one does.</summary>
    private static Uri Reachable(Uri address, string chatwootUrl) =>
        address.AbsolutePath.StartsWith(StoragePath, StringComparison.Ordinal) ? new(chatwootUrl + address.PathAndQuery) : address;

    private static string? Text(JsonNode? node) => node?.ToString() is { Length: > 0 } text ? text : null;
}
