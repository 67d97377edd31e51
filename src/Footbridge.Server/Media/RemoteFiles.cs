using System.Net;
using Footbridge.Server.Config;
using Footbridge.Server.Security;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Media;

/// <summary>Fetches files that API clients name by address; addresses that must not be called are refused, those a redirect leads to as well.</summary>
internal sealed class RemoteFiles : IDisposable
{
    private const int MaxRedirects = 5;
    private const int BufferBytes = 64 * 1024;
    private readonly Settings _settings;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;
    private readonly HttpMessageInvoker _trusting;

    public RemoteFiles(Settings settings, TimeProvider time) =>
        (_settings, _time, _http, _trusting) = (settings, time, Open(settings.Media.SourcesMayBePrivate), Open(mayBePrivate: true));

    public void Dispose()
    {
        _http.Dispose();
        _trusting.Dispose();
    }

    /// <summary>Writes what an address leads to into a file.</summary>
    /// <param name="trusted">A server that the operator named: it may be at a private address, whatever the setting says.</param>
    /// <exception cref="FileTooLargeException">It is larger than allowed.</exception>
    /// <exception cref="RuleException">It cannot be fetched; says why.</exception>
    public async Task<RemoteFile> FetchAsync(Uri address, string path, Uri? trusted, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(_settings.Media.SourceTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, ct);
        try
        {
            using var response = await FollowAsync(address, trusted, either.Token);
            if (response.StatusCode != HttpStatusCode.OK) throw new RuleException($"file.url: {address.Host} answered {(int)response.StatusCode}");
            await CopyAsync(response, path, patience, either.Token);
            var disposition = response.Content.Headers.ContentDisposition;
            return new(response.Content.Headers.ContentType?.ToString(), disposition?.FileNameStar ?? disposition?.FileName?.Trim('"'));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new RuleException($"file.url: nothing came from {address.Host} for {_settings.Media.SourceTimeout.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or System.Net.Sockets.SocketException)
        {
            throw new RuleException($"file.url could not be fetched: {e.Message}");
        }
    }

    private async Task<HttpResponseMessage> FollowAsync(Uri address, Uri? trusted, CancellationToken ct)
    {
        for (var left = MaxRedirects; ; left--)
        {
            if (address.Scheme is not ("http" or "https")) throw new RuleException("file.url must be an http or https address");
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.UserAgent.ParseAdd("Footbridge");
            var response = await (trusted?.Authority == address.Authority ? _trusting : _http).SendAsync(request, ct);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
                || response.Headers.Location is not { } location) return response;
            response.Dispose();
            if (left == 0) throw new RuleException($"file.url redirects more than {MaxRedirects} times");
            address = new(address, location);
        }
    }

    private async Task CopyAsync(HttpResponseMessage response, string path, CancellationTokenSource patience, CancellationToken ct)
    {
        var max = _settings.Media.MaxBytes;
        if (response.Content.Headers.ContentLength > max) throw TooLarge();
        await using var body = await response.Content.ReadAsStreamAsync(ct);
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes, FileOptions.Asynchronous);
        var buffer = new byte[BufferBytes];
        long length = 0;
        for (int read; (read = await body.ReadAsync(buffer, ct)) > 0;)
        {
            patience.CancelAfter(_settings.Media.SourceTimeout);
            length += read;
            if (length > max) throw TooLarge();
            await file.WriteAsync(buffer.AsMemory(0, read), ct);
        }
    }

    private FileTooLargeException TooLarge() => new($"file.url leads to more than {_settings.Media.MaxMegabytes} MiB (FOOTBRIDGE_MEDIA_MAX_MB)", _settings.Media.MaxBytes);

    private static HttpMessageInvoker Open(bool mayBePrivate) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        ConnectCallback = AddressGuard.Connect(mayBePrivate),
#pragma warning disable CA5359 // As WAHA: servers in one's own network have certificates of their own, and the caller names the file.
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
    });
}

/// <summary>A file is larger than allowed (422).</summary>
internal sealed class FileTooLargeException(string message, long limitBytes) : RuleException(message)
{
    public long LimitBytes => limitBytes;
}

/// <summary>What a server said about a file.</summary>
internal sealed record RemoteFile(string? Mimetype, string? FileName);
