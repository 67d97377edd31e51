namespace Footbridge.Simulator.WhatsApp;

/// <summary>How the simulated WhatsApp runs.</summary>
internal sealed record WhatsAppOptions
{
    /// <summary>Loopback port; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Keeps every stanza for assertions; off for load.</summary>
    public bool Records { get; init; } = true;

    /// <summary>Tells everybody of everybody's new devices, keys, pictures and numbers. WhatsApp tells only those who know the person; off for crowds of strangers.</summary>
    public bool IsEverybodyAcquainted { get; init; } = true;

    /// <summary>Some clients lose a first frame that comes at once after the handshake.</summary>
    public TimeSpan FirstFrameDelay { get; init; }
}
