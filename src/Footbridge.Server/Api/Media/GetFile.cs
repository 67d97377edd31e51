using System.Net.Mime;
using Footbridge.Server.Media;
using Footbridge.Server.Security.Keys;
using Microsoft.Net.Http.Headers;

namespace Footbridge.Server.Api.Media;

/// <summary>Files of messages: given at once when they are here, after the fetch when they are on their way, and fetched again when their time here is over.</summary>
internal static class GetFile
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/api/files/{session}/{file}", HandleAsync).WithTags("Media").WithSummary("waits for a file that is on its way; `Range`");
        api.MapGet("/api/files/{file}", (string file, HttpContext context, MediaFetcher files, CancellationToken ct) => HandleAsync(ApiCaller.Of(context)?.Session, file, context, files, ct)).WithTags("Media");
    }

    private static async Task<IResult> HandleAsync(string? session, string file, HttpContext context, MediaFetcher files, CancellationToken ct)
    {
        var (found, path) = await files.GetAsync(session, file, ct);
        var headers = context.Response.Headers;
        headers.CacheControl = "private, max-age=86400";
        // The file is a stranger's: it must not run as a page of this server.
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        var disposition = new ContentDispositionHeaderValue(IsShown(found.Mimetype) ? DispositionTypeNames.Inline : DispositionTypeNames.Attachment);
        disposition.SetHttpFileName(found.FileName ?? found.Name);
        headers.ContentDisposition = disposition.ToString();
        return Results.File(Open(path), found.Mimetype, enableRangeProcessing: true);
    }

    /// <exception cref="FileNotStoredException">It was deleted just now.</exception>
    private static FileStream Open(string path)
    {
        try
        {
            return new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw FileNotStoredException.Unknown();
        }
    }

    private static bool IsShown(string mimetype) => MimeTypes.Essence(mimetype) is var essence && essence != "image/svg+xml"
        && (essence.StartsWith("image/", StringComparison.Ordinal) || essence.StartsWith("audio/", StringComparison.Ordinal) || essence.StartsWith("video/", StringComparison.Ordinal) || essence == "application/pdf");
}
