namespace Footbridge.Protocol.Xml;

/// <summary>Bytes of the binary codec that are not single tokens. Source: docs/protocol/binary-xml.md.</summary>
internal static class Tag
{
    public const byte ListEmpty = 0;
    public const byte DoubleToken0 = 236;
    public const byte DoubleToken3 = 239;
    public const byte InteropJid = 245;
    public const byte MessengerJid = 246;
    public const byte DeviceJid = 247;
    public const byte List8 = 248;
    public const byte List16 = 249;
    public const byte JidPair = 250;
    public const byte Hex8 = 251;
    public const byte Binary8 = 252;
    public const byte Binary20 = 253;
    public const byte Binary32 = 254;
    public const byte Nibble8 = 255;

    /// <summary>Flag of a frame whose rest is zlib-compressed.</summary>
    public const byte CompressedFlag = 0x02;
}
