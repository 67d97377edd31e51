using System.Security.Cryptography;
using Footbridge.Simulator.WhatsApp;

namespace Footbridge.SystemTests;

/// <summary>Trust in the simulated media host's certificate and in no other.</summary>
internal static class MediaTrust
{
    /// <summary>As the product's settings want it.</summary>
    public static byte[] Hash(WhatsAppSimulator whatsApp) => whatsApp.Media.Certificate.GetCertHash(HashAlgorithmName.SHA256);

    public static SocketsHttpHandler Handler(WhatsAppSimulator whatsApp) => new()
    {
        AllowAutoRedirect = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.GetCertHash(HashAlgorithmName.SHA256).AsSpan().SequenceEqual(Hash(whatsApp)) },
    };
}
