using Footbridge.Server.Config;
using Footbridge.Server.Security;

namespace Footbridge.Server.Webhooks;

/// <summary>The connections to all receivers; refuses addresses that must not be called.</summary>
internal sealed class WebhookHttp : IDisposable
{
    private const int ConnectionsPerServer = 64;

    public WebhookHttp(Settings settings)
    {
        var handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = ConnectionsPerServer,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectCallback = AddressGuard.Connect(settings.Webhooks.MayBePrivate),
        };
        if (!settings.Webhooks.ChecksCertificates)
        {
#pragma warning disable CA5359 // What the operator asked for by name, as the server this one replaces always did it.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        Client = new HttpClient(handler) { Timeout = settings.Webhooks.Timeout };
    }

    public HttpClient Client { get; }

    public void Dispose() => Client.Dispose();
}
