using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Protocol;

namespace Footbridge.Engine.Media;

/// <summary>Keeps what the server said about its media hosts for as long as it said, and decides which addresses may be asked.</summary>
internal sealed class MediaHosts(ILink link, WaClientOptions options, TimeProvider time)
{
    private readonly SemaphoreSlim _asking = new(1);
    private MediaConnection? _connection;
    private long _askedAt;

    /// <summary>The hosts of uploads, with the right to upload.</summary>
    /// <param name="refused">A connection whose right was refused: a newer one is asked for.</param>
    /// <exception cref="NotOnlineException">The account is not online.</exception>
    /// <exception cref="MediaFailedException">The server names no hosts.</exception>
    public async Task<MediaConnection> ConnectAsync(MediaConnection? refused, CancellationToken ct)
    {
        await _asking.WaitAsync(ct);
        try
        {
            if (_connection is { } known && known != refused && time.GetElapsedTime(_askedAt) < known.Lifetime) return known;
            var asked = time.GetTimestamp();
            var connection = MediaConnection.Parse(await link.QueryAsync(MediaConnection.Query, options.QueryTimeout, ct));
            (_connection, _askedAt) = (connection, asked);
            return connection;
        }
        catch (Exception e) when (e is ProtocolException or QueryFailedException or TimeoutException)
        {
            throw new MediaFailedException($"WhatsApp does not say where its media hosts are: {e.Message}", e);
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>Where a file may be fetched, best first. Never anywhere but on WhatsApp's hosts: an address in a message is its sender's.</summary>
    /// <exception cref="MediaFailedException">The reference names no such place.</exception>
    public async Task<IReadOnlyList<Uri>> AddressesOfAsync(MediaReference reference, CancellationToken ct)
    {
        var addresses = new List<Uri>();
        if (reference.DirectPath is ['/', ..] path)
        {
            var hosts = (await DownloadHostsAsync(ct)).Concat(options.Media.FallbackHosts).Distinct(StringComparer.OrdinalIgnoreCase);
            addresses.AddRange(hosts.Select(host => AddressOn(host, path, reference)).OfType<Uri>());
        }

        if (reference.Url is { } url && IsTrusted(url)) addresses.Add(WithQuery(url, reference));
        return addresses.Count > 0 ? addresses : throw new MediaFailedException("the message names no file on WhatsApp's media hosts");
    }

    private async Task<IReadOnlyList<string>> DownloadHostsAsync(CancellationToken ct)
    {
        try
        {
            return [.. (await ConnectAsync(null, ct)).Hosts.Where(host => host.GivesDownloads).Select(host => host.Authority)];
        }
        catch (Exception e) when (e is NotOnlineException or MediaFailedException)
        {
            // Downloads need no right: the hosts of last time, or those that are always there, will do.
            return [.. _connection?.Hosts.Where(host => host.GivesDownloads).Select(host => host.Authority) ?? []];
        }
    }

    private bool IsTrusted(Uri url) => url.Scheme == Uri.UriSchemeHttps && url.UserInfo.Length == 0
        && ((url.IsDefaultPort && url.Host.EndsWith(".whatsapp.net", StringComparison.OrdinalIgnoreCase))
            || options.Media.TrustedHosts.Contains(url.Authority, StringComparer.OrdinalIgnoreCase)
            || _connection is { } known && known.Hosts.Any(host => host.Authority == url.Authority));

    private static Uri? AddressOn(string host, string path, MediaReference reference) =>
        Uri.TryCreate($"https://{host}{path}", UriKind.Absolute, out var uri) && uri.Authority == host && uri.UserInfo.Length == 0 ? WithQuery(uri, reference) : null;

    private static Uri WithQuery(Uri uri, MediaReference reference)
    {
        var hash = reference.FileEncSha256 is { } bytes ? $"hash={Base64Url(bytes)}&" : "";
        return new($"{uri.GetLeftPart(UriPartial.Query)}{(uri.Query.Length == 0 ? '?' : '&')}{hash}mms-type={reference.Kind.MmsType}&__wa-mms=");
    }

    internal static string Base64Url(byte[] bytes) => Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_').Replace("=", "%3D", StringComparison.Ordinal);
}
