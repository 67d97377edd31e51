using System.Globalization;
using StackExchange.Redis;

namespace Footbridge.Jobs.Redis;

/// <summary>Where a Redis is and how it is reached, from a URL. Never prints the password.</summary>
/// <remarks>
/// <c>redis://[user]:[password]@host[:port][,host[:port]…][/database]</c>, or <c>rediss://</c> for TLS. Several hosts: a primary and
/// its replicas, or with <c>?serviceName=name</c> the Sentinels that know the primary. <c>?ca=/path.pem</c>: the authority that signed
/// the server's certificate, when the system does not know it. User and password are percent-encoded.
/// </remarks>
public sealed class RedisAddress
{
    private const int Port = 6379;
    private const int SentinelPort = 26379;
    private readonly List<(string Host, int Port)> _hosts = [];
    private bool _isTls;
    private int _database;
    private string? _user;
    private string? _password;
    private string? _service;
    private string? _authority;

    private RedisAddress()
    {
    }

    /// <exception cref="FormatException">The URL cannot be read. The message does not quote it: it may hold a password.</exception>
    public static RedisAddress Parse(string url)
    {
        var address = new RedisAddress();
        var rest = address.TakeScheme(url.Trim());
        rest = address.TakeSettings(rest);
        rest = address.TakeUser(rest);
        rest = address.TakeDatabase(rest);
        foreach (var host in rest.Split(',', StringSplitOptions.TrimEntries)) address._hosts.Add(address.ReadHost(host));
        return address;
    }

    /// <summary>Without user and password.</summary>
    public override string ToString()
    {
        var hosts = string.Join(',', _hosts.Select(host => string.Create(CultureInfo.InvariantCulture, $"{host.Host}:{host.Port}")));
        return string.Create(CultureInfo.InvariantCulture, $"{(_isTls ? "rediss" : "redis")}://{hosts}/{_database}");
    }

    internal ConfigurationOptions ToOptions(RedisConnectionOptions settings)
    {
        var options = new ConfigurationOptions
        {
            ClientName = "footbridge",
            AbortOnConnectFail = false,
            // For INFO, which the client counts among the administrator's commands.
            AllowAdmin = true,
            ConnectTimeout = (int)settings.ConnectTimeout.TotalMilliseconds,
            AsyncTimeout = (int)settings.Timeout.TotalMilliseconds,
            SyncTimeout = (int)settings.Timeout.TotalMilliseconds,
            // The client's own rule stood still for 13 s after an outage of 1 s.
            ReconnectRetryPolicy = new LinearRetry((int)settings.ReconnectEvery.TotalMilliseconds),
            KeepAlive = 15,
            ConfigCheckSeconds = 15,
            DefaultDatabase = _database,
            User = _user,
            Password = _password,
            ServiceName = _service,
            // Would be read as a key, which an account that may touch only our own keys must not.
            TieBreaker = "",
            Ssl = _isTls,
        };
        foreach (var (host, port) in _hosts) options.EndPoints.Add(host, port);
        if (_authority is not null) options.TrustIssuer(_authority);
        return options;
    }

    private string TakeScheme(string url)
    {
        foreach (var (scheme, isTls) in new[] { ("redis://", false), ("rediss://", true) })
        {
            if (!url.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) continue;
            _isTls = isTls;
            return url[scheme.Length..];
        }

        throw new FormatException("the address of Redis must begin with redis:// or rediss://");
    }

    private string TakeSettings(string rest)
    {
        var at = rest.IndexOf('?', StringComparison.Ordinal);
        if (at < 0) return rest;
        foreach (var setting in rest[(at + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = setting.Split('=', 2) is [var n, var v] ? (n, Uri.UnescapeDataString(v)) : (setting, "");
            switch (name)
            {
                case "serviceName":
                    _service = value;
                    break;
                case "ca":
                    _authority = value;
                    break;
                default:
                    throw new FormatException("the address of Redis knows the settings serviceName and ca, and no others");
            }
        }

        return rest[..at];
    }

    private string TakeUser(string rest)
    {
        var at = rest.LastIndexOf('@');
        if (at < 0) return rest;
        var (user, password) = rest[..at].Split(':', 2) is [var u, var p] ? (u, p) : ("", rest[..at]);
        _user = user.Length == 0 ? null : Uri.UnescapeDataString(user);
        _password = password.Length == 0 ? null : Uri.UnescapeDataString(password);
        return rest[(at + 1)..];
    }

    private string TakeDatabase(string rest)
    {
        var at = rest.IndexOf('/', StringComparison.Ordinal);
        if (at < 0) return rest;
        var database = rest[(at + 1)..].TrimEnd('/');
        if (database.Length > 0 && !int.TryParse(database, NumberStyles.None, CultureInfo.InvariantCulture, out _database))
        {
            throw new FormatException("the database in the address of Redis must be a number, as in redis://host:6379/0");
        }

        return rest[..at];
    }

    private (string Host, int Port) ReadHost(string text)
    {
        var colon = text.LastIndexOf(':');
        var hasPort = colon > text.LastIndexOf(']');
        var host = hasPort ? text[..colon] : text;
        var port = _service is null ? Port : SentinelPort;
        var isReadable = !hasPort || (int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and < 65536);
        if (host.Length == 0 || !isReadable) throw new FormatException("a host in the address of Redis must read host or host:port");
        return (host.Trim('[', ']'), port);
    }
}
