using Footbridge.Simulator.WhatsApp;

namespace Footbridge.SystemTests;

/// <summary>Trust in the simulated media host's certificate and in no other.</summary>
internal static class MediaTrust
{
    public static SocketsHttpHandler Handler(WhatsAppSimulator whatsApp) => new()
    {
        AllowAutoRedirect = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.GetCertHashString() == whatsApp.Media.Certificate.GetCertHashString() },
    };
}
