using Footbridge.Server.Config;
using Footbridge.Server.Security;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>The connections to all Chatwoots; refuses addresses that must not be called.</summary>
internal sealed class ChatwootHttp : IDisposable
{
    private const int ConnectionsPerServer = 128;

    public ChatwootHttp(Settings settings)
    {
        var handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = ConnectionsPerServer,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectCallback = AddressGuard.Connect(settings.ChatwootMayBePrivate),
        };
        Client = new HttpClient(handler) { Timeout = settings.ChatwootTimeout };
    }

    public HttpClient Client { get; }

    public void Dispose() => Client.Dispose();
}
