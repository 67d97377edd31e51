using System.Net;
using System.Net.Http.Headers;
using Footbridge.Engine.Media;
using Footbridge.Protocol.Media;

namespace Footbridge.Bench.Hostile.Harness;

/// <summary>A media host that gives one file, and lies about it; 0 is the truth.</summary>
internal sealed class HostileHost(byte[] body, int lie) : HttpMessageHandler
{
    private readonly int _lie = lie % 16;

    /// <summary>No waiting between tries, and scratch files in memory where the system has such a place.</summary>
    public static MediaOptions Options { get; } = new()
    {
        DownloadAttempts = 2,
        RetryDelay = TimeSpan.Zero,
        RetryAfterLimit = TimeSpan.Zero,
        ScratchFolder = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(),
    };

    /// <summary>A file as media hosts keep it.</summary>
    public static (byte[] Body, SealedMedia Media) Seal(byte[] file, byte[] key, MediaKind kind)
    {
        using var keys = new MediaKeys(key, kind);
        using var sealedFile = new MemoryStream();
        var media = MediaEncryptor.EncryptAsync(new MemoryStream(file), sealedFile, keys, withSidecar: false, CancellationToken.None).GetAwaiter().GetResult();
        return (sealedFile.ToArray(), media);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var host = request.RequestUri!.Host;
        if (!host.EndsWith(".whatsapp.net", StringComparison.Ordinal) || request.RequestUri.Scheme != "https") throw new InvalidOperationException("another host than WhatsApp's was asked");
        var given = _lie switch { 1 => body[..^1], 2 => [.. body, 0], 3 => [], _ => body };
        var response = new HttpResponseMessage(_lie switch { 4 => HttpStatusCode.Redirect, 5 => HttpStatusCode.PartialContent, 6 => HttpStatusCode.Gone, 7 => HttpStatusCode.TooManyRequests, 8 => (HttpStatusCode)999, _ => HttpStatusCode.OK })
        {
            Content = new StreamContent(new MemoryStream(given)),
        };
        response.Content.Headers.ContentLength = _lie switch { 9 => long.MaxValue, 10 => 0, 11 => 5, _ => null };
        if (_lie is 5 or 12) response.Content.Headers.ContentRange = new ContentRangeHeaderValue(5, 9, 10);
        if (_lie is 4 or 13) response.Headers.Location = new Uri("http://127.0.0.1/");
        if (_lie is 7 or 14) response.Headers.TryAddWithoutValidation("Retry-After", "99999999999999999999");
        if (_lie == 15) response.Content.Headers.ContentEncoding.Add("gzip");
        return Task.FromResult(response);
    }
}
