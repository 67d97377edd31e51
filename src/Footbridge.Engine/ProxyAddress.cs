using System.Net;

namespace Footbridge.Engine;

/// <summary>A proxy that an account's traffic goes through: the chat socket, media and look-ups. Nothing is dialled past it.</summary>
public sealed class ProxyAddress : IWebProxy
{
    private static readonly string[] Schemes = ["http", "https", "socks5"];
    private readonly Lazy<SocketsHttpHandler> _handler;

    private ProxyAddress(Uri server, NetworkCredential? login)
    {
        (Server, Credentials) = (server, login);
        _handler = new(() => new() { Proxy = this, UseProxy = true, AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(20), PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
    }

    /// <summary>Scheme, host and port.</summary>
    public Uri Server { get; }

    /// <summary>User and password for the proxy, or null.</summary>
    public ICredentials? Credentials { get; set; }

    /// <summary>Sends requests through the proxy; shared, never disposed, follows no redirects.</summary>
    internal HttpMessageHandler Handler => _handler.Value;

    /// <param name="server"><c>host:port</c> for HTTP CONNECT, or an address beginning with <c>http://</c>, <c>https://</c> or <c>socks5://</c>, which may hold user and password.</param>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static ProxyAddress Parse(string server, string? user = null, string? password = null)
    {
        var text = server.Contains("://", StringComparison.Ordinal) ? server.Replace("socks5h://", "socks5://", StringComparison.OrdinalIgnoreCase) : "http://" + server;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || !Schemes.Contains(uri.Scheme, StringComparer.Ordinal) || uri.Host.Length == 0 || uri.Port <= 0 || uri.AbsolutePath != "/" && uri.AbsolutePath.Length > 0)
        {
            throw new FormatException("a proxy is host:port, or an address with http://, https:// or socks5:// in front and a port");
        }

        if (string.IsNullOrEmpty(user) && uri.UserInfo.Split(':', 2) is [{ Length: > 0 } name, .. var rest])
        {
            (user, password) = (Uri.UnescapeDataString(name), rest is [var secret] ? Uri.UnescapeDataString(secret) : null);
        }

        var login = string.IsNullOrEmpty(user) ? null : new NetworkCredential(user, password ?? "");
        return new(new UriBuilder(uri.Scheme, uri.Host, uri.Port).Uri, login);
    }

    public Uri GetProxy(Uri destination) => Server;

    /// <summary>Never: what cannot go through the proxy does not go.</summary>
    public bool IsBypassed(Uri host) => false;

    public override string ToString() => $"{Server.Scheme}://{Server.Authority}";
}
