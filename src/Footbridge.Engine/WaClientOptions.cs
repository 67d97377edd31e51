namespace Footbridge.Engine;

/// <summary>How one account connects. Defaults are those of docs/protocol/timers.md.</summary>
public sealed record WaClientOptions
{
    public Uri ChatUrl { get; init; } = new("wss://web.whatsapp.com/ws/chat");

    /// <summary>Noise roots that a certificate chain may end in, 32-byte X25519 public keys with their serial.</summary>
    public IReadOnlyList<NoiseRoot> NoiseRoots { get; init; } = [NoiseRoot.WhatsApp];

    /// <summary>Third number of the web version, as in 2.3000.N.</summary>
    public uint WebRevision { get; init; } = 1043857760;

    /// <summary>The name the phone shows under linked devices.</summary>
    public string DeviceName { get; init; } = "Footbridge";

    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(20);

    public TimeSpan QueryTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan MessageAckTimeout { get; init; } = TimeSpan.FromSeconds(75);

    public TimeSpan FirstQrLifetime { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan NextQrLifetime { get; init; } = TimeSpan.FromSeconds(20);

    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(25);

    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Wait before the n-th reconnect is n times this, capped at <see cref="ReconnectMaxDelay"/>, with 20 % jitter.</summary>
    public TimeSpan ReconnectStep { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan ReconnectMaxDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Makes the requests to media hosts, through a proxy for instance; it must not follow redirects. Null: a plain one, shared by all accounts.</summary>
    public HttpMessageHandler? MediaHandler { get; init; }

    public Media.MediaOptions Media { get; init; } = new();
}

/// <summary>A pinned Noise root. Source: docs/protocol/noise.md.</summary>
public sealed record NoiseRoot(ReadOnlyMemory<byte> PublicKey, uint Serial)
{
    public static NoiseRoot WhatsApp { get; } =
        new(Convert.FromHexString("142375574d0a587166aae71ebe516437c4a28b73e3695c6ce1f7f9545da8ee6b"), 0);
}
