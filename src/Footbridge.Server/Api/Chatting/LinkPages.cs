using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Footbridge.Server.Config;
using Footbridge.Server.Security;

namespace Footbridge.Server.Api.Chatting;

/// <summary>A page that a text links to.</summary>
/// <param name="Url">As it stands in the text.</param>
/// <param name="Image">The picture the page names for itself, or null.</param>
internal sealed record LinkPage(string Url, string Title, string? Description, Uri? Image);

/// <summary>Looks up what the first link in a text leads to; addresses inside the operator's network are not called, and no failure reaches the send.</summary>
internal sealed partial class LinkPages : IDisposable
{
    private const int MaxImageBytes = 5 * 1024 * 1024;
    private const int MaxPageBytes = 512 * 1024;
    private const int MaxRedirects = 3;
    private const int MaxTextLength = 300;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    private readonly HttpClient _http;
    private readonly ILogger _logger;

    public LinkPages(Settings settings, ILogger<LinkPages> logger)
    {
        _logger = logger;
        _http = new(new SocketsHttpHandler
        {
            MaxAutomaticRedirections = MaxRedirects,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = AddressGuard.Connect(settings.LinkPreviewsMayBePrivate),
        })
        { Timeout = Patience };
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("WhatsApp/2 (link preview)");
        _http.DefaultRequestHeaders.Accept.ParseAdd("text/html,application/xhtml+xml,image/*");
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The page, or null when there is no link, or nothing to tell of it.</summary>
    public async Task<LinkPage?> FindAsync(string text, CancellationToken ct)
    {
        if (Link().Match(text) is not { Success: true, Value: var written } || !Uri.TryCreate(written, UriKind.Absolute, out var url)) return null;
        try
        {
            using var response = await _http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, ct);
            if (!response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType is not ("text/html" or "application/xhtml+xml")) return null;
            var page = await ReadAsync(response.Content, ct);
            var title = Property(page, "og:title") ?? Title(page);
            return title is null ? null : new(written, title, Property(page, "og:description") ?? Property(page, "description"), ImageOf(page, response.RequestMessage?.RequestUri ?? url));
        }
        catch (Exception e) when (IsFailure(e) && !ct.IsCancellationRequested)
        {
            _logger.PreviewFailed(e.Message);
            return null;
        }
    }

    /// <summary>Writes a page's picture into a file; false when it cannot be had.</summary>
    public async Task<bool> FetchImageAsync(Uri image, string path, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            using var response = await _http.GetAsync(image, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (!response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType?.StartsWith("image/", StringComparison.Ordinal) != true) return false;
            await using var stream = await response.Content.ReadAsStreamAsync(patience.Token);
            var bytes = new byte[MaxImageBytes];
            var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, patience.Token);
            // One that fills the room is cut off, and so of no use.
            if (length == MaxImageBytes) return false;
            await File.WriteAllBytesAsync(path, bytes.AsMemory(0, length), patience.Token);
            return true;
        }
        catch (Exception e) when (IsFailure(e) && !ct.IsCancellationRequested)
        {
            _logger.PreviewFailed(e.Message);
            return false;
        }
    }

    private static bool IsFailure(Exception error) =>
        error is HttpRequestException or IOException or OperationCanceledException or RegexMatchTimeoutException or System.Net.Sockets.SocketException;

    private static Uri? ImageOf(string page, Uri at) =>
        (Property(page, "og:image:secure_url") ?? Property(page, "og:image") ?? Property(page, "twitter:image")) is { } written && Uri.TryCreate(at, written, out var image) && image.Scheme is "http" or "https" ? image : null;

    private static async Task<string> ReadAsync(HttpContent content, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        await using var stream = await content.ReadAsStreamAsync(patience.Token);
        var bytes = new byte[MaxPageBytes];
        var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, patience.Token);
        return EncodingOf(content.Headers.ContentType?.CharSet).GetString(bytes, 0, length);
    }

    private static Encoding EncodingOf(string? name)
    {
        try
        {
            return name is null ? Encoding.UTF8 : Encoding.GetEncoding(name.Trim('"'));
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8;
        }
    }

    private static string? Title(string page) => Clean(TitleElement().Match(page).Groups[1].Value);

    private static string? Property(string page, string name)
    {
        foreach (Match element in MetaElement().Matches(page))
        {
            var attributes = Attribute().Matches(element.Value).ToLookup(a => a.Groups[1].Value.ToLowerInvariant(), a => a.Groups[2].Value.Trim('"', '\''));
            if (attributes["property"].Concat(attributes["name"]).Contains(name, StringComparer.OrdinalIgnoreCase) && Clean(attributes["content"].FirstOrDefault()) is { } value) return value;
        }

        return null;
    }

    private static string? Clean(string? text)
    {
        var clean = Spaces().Replace(WebUtility.HtmlDecode(text ?? ""), " ").Trim();
        return clean.Length == 0 ? null : clean.Length <= MaxTextLength ? clean : clean[..MaxTextLength];
    }

    [GeneratedRegex(@"https?://[^\s<>""]+", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"<title[^>]*>([^<]*)</title>", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex TitleElement();

    [GeneratedRegex(@"<meta\s[^>]*>", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex MetaElement();

    [GeneratedRegex(@"([a-zA-Z:-]+)\s*=\s*(""[^""]*""|'[^']*')", RegexOptions.None, 1000)]
    private static partial Regex Attribute();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Spaces();
}
