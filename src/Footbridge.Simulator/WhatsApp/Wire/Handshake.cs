namespace Footbridge.Simulator.WhatsApp.Wire;

/// <summary>How a client got in.</summary>
internal enum Handshake
{
    Full,

    /// <summary>It knew the server's key.</summary>
    Resumed,

    /// <summary>It knew a key, and was led on to the full handshake.</summary>
    FellBack,
}
