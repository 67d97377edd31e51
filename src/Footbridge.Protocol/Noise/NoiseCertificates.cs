using System.Security.Cryptography;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Signal;
using Google.Protobuf;

namespace Footbridge.Protocol.Noise;

/// <summary>The certificate chain in a server hello: leaf, intermediate, pinned root. Source: docs/protocol/noise.md.</summary>
public static class NoiseCertificates
{
    private const int KeyBytes = 32;
    private const int SignatureBytes = 64;

    /// <summary>How far clocks may differ before a certificate counts as expired.</summary>
    public static readonly TimeSpan ClockSlack = TimeSpan.FromHours(24);

    /// <summary>Returns, with the time in which both certificates are valid, when the chain leads from the server's key to one of the roots; throws otherwise.</summary>
    /// <param name="chain">The handshake's payload, a <c>CertChain</c>.</param>
    /// <param name="serverStatic">The key the server has just proved to hold, 32 bytes.</param>
    /// <param name="roots">Pinned root keys with their serials.</param>
    /// <exception cref="ProtocolException">It does not; the connection must not be used.</exception>
    public static NoiseValidity Verify(
        ReadOnlySpan<byte> chain, ReadOnlySpan<byte> serverStatic, IReadOnlyList<(ReadOnlyMemory<byte> Key, uint Serial)> roots, DateTimeOffset now)
    {
        var certificates = Protobuf.Parse(CertChain.Parser, chain);
        var intermediate = Open(certificates.Intermediate, "intermediate");
        var leaf = Open(certificates.Leaf, "leaf");
        if (!IsSignedByARoot(certificates.Intermediate, intermediate, roots)) throw new ProtocolException("the intermediate certificate is not signed by a pinned root");
        if (!Curve25519.Verify(intermediate.Key.Span, certificates.Leaf.Details.Span, certificates.Leaf.Signature.Span))
        {
            throw new ProtocolException("the leaf certificate is not signed by the intermediate");
        }

        if (leaf.IssuerSerial != intermediate.Serial) throw new ProtocolException("the leaf certificate names another issuer");
        if (!CryptographicOperations.FixedTimeEquals(leaf.Key.Span, serverStatic)) throw new ProtocolException("the leaf certificate is for another key");
        CheckValidity(intermediate, "intermediate", now);
        CheckValidity(leaf, "leaf", now);
        return new(Math.Max(leaf.NotBefore, intermediate.NotBefore), Earlier(leaf.NotAfter, intermediate.NotAfter));
    }

    /// <summary>Makes a chain for a server of one's own; its root must be pinned by the clients.</summary>
    public static byte[] Create(KeyPair root, KeyPair intermediate, ReadOnlySpan<byte> serverStatic, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        var (from, to) = ((ulong)notBefore.ToUnixTimeSeconds(), (ulong)notAfter.ToUnixTimeSeconds());
        return new CertChain
        {
            Intermediate = Sign(root, new() { Serial = 1, IssuerSerial = 0, Key = ByteString.CopyFrom(intermediate.Public), NotBefore = from, NotAfter = to }),
            Leaf = Sign(intermediate, new() { Serial = 2, IssuerSerial = 1, Key = ByteString.CopyFrom(serverStatic), NotBefore = from, NotAfter = to }),
        }.ToByteArray();
    }

    private static ulong Earlier(ulong a, ulong b) => a == 0 ? b : b == 0 ? a : Math.Min(a, b);

    private static bool IsSignedByARoot(
        CertChain.Types.NoiseCertificate certificate, CertChain.Types.NoiseCertificate.Types.Details details, IReadOnlyList<(ReadOnlyMemory<byte> Key, uint Serial)> roots)
    {
        foreach (var (key, serial) in roots)
        {
            if (details.IssuerSerial == serial && Curve25519.Verify(key.Span, certificate.Details.Span, certificate.Signature.Span)) return true;
        }

        return false;
    }

    private static CertChain.Types.NoiseCertificate.Types.Details Open(CertChain.Types.NoiseCertificate? certificate, string name)
    {
        if (certificate is null || certificate.Signature.Length != SignatureBytes) throw new ProtocolException($"the {name} certificate is missing or unsigned");
        var details = Protobuf.Parse(CertChain.Types.NoiseCertificate.Types.Details.Parser, certificate.Details.Span);
        return details.Key.Length == KeyBytes ? details : throw new ProtocolException($"the {name} certificate's key is not 32 bytes");
    }

    private static void CheckValidity(CertChain.Types.NoiseCertificate.Types.Details details, string name, DateTimeOffset now)
    {
        var tooEarly = details.NotBefore != 0 && (ulong)(now + ClockSlack).ToUnixTimeSeconds() < details.NotBefore;
        var tooLate = details.NotAfter != 0 && (ulong)(now - ClockSlack).ToUnixTimeSeconds() > details.NotAfter;
        if (tooEarly || tooLate) throw new ProtocolException($"the {name} certificate is not valid now");
    }

    private static CertChain.Types.NoiseCertificate Sign(KeyPair signer, CertChain.Types.NoiseCertificate.Types.Details details)
    {
        var bytes = details.ToByteArray();
        return new() { Details = ByteString.CopyFrom(bytes), Signature = ByteString.CopyFrom(Curve25519.Sign(signer.Private, bytes)) };
    }
}

/// <summary>When a chain is valid, unix seconds; an end of 0 is none.</summary>
public readonly record struct NoiseValidity(ulong NotBefore, ulong NotAfter)
{
    public bool Contains(DateTimeOffset now) =>
        (ulong)now.ToUnixTimeSeconds() >= NotBefore && (NotAfter == 0 || (ulong)now.ToUnixTimeSeconds() <= NotAfter);
}
