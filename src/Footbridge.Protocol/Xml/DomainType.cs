namespace Footbridge.Protocol.Xml;

/// <summary>The server of a jid with a device, as one byte. Source: docs/protocol/binary-xml.md.</summary>
internal static class DomainType
{
    public const byte User = 0;
    public const byte Lid = 1;
    public const byte Hosted = 128;
    public const byte HostedLid = 129;
}
