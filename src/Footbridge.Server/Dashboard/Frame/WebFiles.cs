using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.Net.Http.Headers;

namespace Footbridge.Server.Dashboard.Frame;

/// <summary>Style sheets and scripts, out of this assembly: nothing is fetched from elsewhere and no folder has to come along.</summary>
internal static class WebFiles
{
    public const string Root = "/_assets";
    private const string Prefix = "web/";
    private static readonly string Version = typeof(WebFiles).Module.ModuleVersionId.ToString("N")[..12];
    private static readonly ConcurrentDictionary<string, byte[]?> Compressed = new(StringComparer.Ordinal);

    /// <summary>A file's address, which changes with each build.</summary>
    public static string Link(string name) => $"{Root[1..]}/{name}?v={Version}";

    public static async Task WriteAsync(HttpContext context, string name)
    {
        if (Compressed.GetOrAdd(name, Compress) is not { } file)
        {
            await Api.ApiErrors.NoRouteAsync(context);
            return;
        }

        var headers = context.Response.Headers;
        headers.CacheControl = context.Request.Query["v"] == Version ? "public, max-age=31536000, immutable" : "no-cache";
        headers.ContentType = TypeOf(name);
        headers.XContentTypeOptions = "nosniff";
        headers.Vary = HeaderNames.AcceptEncoding;
        if (context.Request.Headers.AcceptEncoding.Any(codings => codings?.Contains("br", StringComparison.Ordinal) ?? false))
        {
            headers.ContentEncoding = "br";
            headers.ContentLength = file.Length;
            await context.Response.Body.WriteAsync(file, context.RequestAborted);
            return;
        }

        await using var plain = Open(name)!;
        headers.ContentLength = plain.Length;
        await plain.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static Stream? Open(string name) => typeof(WebFiles).Assembly.GetManifestResourceStream(Prefix + name);

    private static byte[]? Compress(string name)
    {
        using var plain = Open(name);
        if (plain is null) return null;
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true)) plain.CopyTo(brotli);
        return packed.ToArray();
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        _ => "image/svg+xml",
    };
}
