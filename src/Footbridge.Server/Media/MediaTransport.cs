using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Footbridge.Engine;
using Footbridge.Server.Config;

namespace Footbridge.Server.Media;

/// <summary>How sessions reach WhatsApp's media hosts.</summary>
internal sealed class MediaTransport : IDisposable
{
    private readonly Settings _settings;
    private readonly SocketsHttpHandler? _trusting;

    public MediaTransport(Settings settings)
    {
        _settings = settings;
        if (settings.Media.Certificate is { } pinned) _trusting = Trusting(pinned, null);
    }

    public WaClientOptions Apply(WaClientOptions options)
    {
        var media = options.Media with { ScratchFolder = ScratchFolder.PathOf(_settings), MaxBytes = _settings.Media.MaxBytes };
        // Beside a simulator nothing may call the real hosts.
        if (_trusting is not null) media = media with { FallbackHosts = [], RetryDelay = TimeSpan.FromMilliseconds(50) };
        var trusting = options.Proxy is { } proxy && _settings.Media.Certificate is { } pinned ? Trusting(pinned, proxy) : _trusting;
        return options with { Media = media, MediaHandler = trusting ?? options.MediaHandler };
    }

    public void Dispose() => _trusting?.Dispose();

    private static SocketsHttpHandler Trusting(byte[] pinned, ProxyAddress? proxy)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, errors) => IsTrusted(certificate, errors, pinned) } };
        if (proxy is not null) handler.Proxy = proxy;
        return handler;
    }

    private static bool IsTrusted(X509Certificate? certificate, SslPolicyErrors errors, byte[] pinned) =>
        errors == SslPolicyErrors.None || (certificate is not null && CryptographicOperations.FixedTimeEquals(certificate.GetCertHash(HashAlgorithmName.SHA256), pinned));
}
