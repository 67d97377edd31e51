namespace Footbridge.Protocol.Noise;

/// <summary>What a client sends before its first frame. Source: docs/protocol/noise.md.</summary>
public static class NoiseIntro
{
    /// <summary><c>WA</c>, magic 6, dictionary version 3; also the handshake's prologue.</summary>
    public static ReadOnlySpan<byte> Bytes => [0x57, 0x41, 0x06, 0x03];

    /// <summary>Starts the optional routing header: <c>ED</c> 0 1, then a 24-bit length and the routing bytes.</summary>
    public static ReadOnlySpan<byte> RoutingPrefix => [0x45, 0x44, 0x00, 0x01];

    /// <summary>The intro, with the routing header in front when there is one.</summary>
    public static byte[] WithRouting(ReadOnlySpan<byte> routing) =>
        routing.IsEmpty ? Bytes.ToArray() : [.. RoutingPrefix, .. FrameEncoder.Encode(routing), .. Bytes];
}
