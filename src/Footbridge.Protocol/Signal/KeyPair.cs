namespace Footbridge.Protocol.Signal;

/// <summary>An X25519 key pair, 32 bytes each.</summary>
public sealed record KeyPair(byte[] Private, byte[] Public)
{
    /// <summary>Keeps the private key out of logs and error texts.</summary>
    public override string ToString() => "KeyPair [redacted]";
}
