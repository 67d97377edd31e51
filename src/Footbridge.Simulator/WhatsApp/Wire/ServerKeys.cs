using Footbridge.Protocol.Noise;
using Footbridge.Protocol.Signal;

namespace Footbridge.Simulator.WhatsApp.Wire;

/// <summary>The server's static key and a certificate chain for it, under a root of its own.</summary>
internal sealed class ServerKeys
{
    private readonly KeyPair _root = Curve25519.GenerateKeyPair();
    private readonly KeyPair _wrongRoot = Curve25519.GenerateKeyPair();
    private readonly KeyPair _intermediate = Curve25519.GenerateKeyPair();

    public KeyPair Static { get; private set; } = Curve25519.GenerateKeyPair();

    public byte[] RootPublicKey => _root.Public;

    /// <summary>Takes a new key, under the same root.</summary>
    public void Rotate() => Static = Curve25519.GenerateKeyPair();

    public byte[] Chain(DateTimeOffset now, bool ofWrongRoot) =>
        NoiseCertificates.Create(ofWrongRoot ? _wrongRoot : _root, _intermediate, Static.Public, now.AddDays(-1), now.AddDays(1));
}
