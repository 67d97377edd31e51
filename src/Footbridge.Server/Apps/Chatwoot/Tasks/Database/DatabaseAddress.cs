using Npgsql;

namespace Footbridge.Server.Apps.Chatwoot.Tasks.Database;

/// <summary>Where a Chatwoot's PostgreSQL is, as operators have it in <c>DATABASE_URL</c>: <c>postgres://user:password@host:5432/name?sslmode=require</c>.</summary>
internal static class DatabaseAddress
{
    private const int DefaultPort = 5432;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Null when it is none. What is wrong with it is not said in its own words, which have the password in them.</summary>
    public static string? Read(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("postgres" or "postgresql") || address.AbsolutePath.Length < 2) return null;
        var login = address.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = Uri.UnescapeDataString(address.Host.Trim('[', ']')),
            Port = address.Port > 0 ? address.Port : DefaultPort,
            Database = Uri.UnescapeDataString(address.AbsolutePath[1..]),
            Username = Uri.UnescapeDataString(login[0]),
            Password = login.Length > 1 ? Uri.UnescapeDataString(login[1]) : null,
            ApplicationName = "footbridge",
            Timeout = (int)Patience.TotalSeconds,
            Pooling = false,
        };
        foreach (var (name, value) in Query(address))
        {
            if (name == "sslmode" && Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode)) builder.SslMode = mode;
            else return null;
        }

        return builder.Host.Length == 0 || builder.Username.Length == 0 ? null : builder.ConnectionString;
    }

    private static IEnumerable<(string Name, string Value)> Query(Uri address) =>
        address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=', 2)).Select(part => (part[0].ToLowerInvariant(), part.Length > 1 ? Uri.UnescapeDataString(part[1]) : ""));
}
