namespace Footbridge.Protocol.Xml;

/// <summary>The server parts of a jid that have a meaning of their own. Source: docs/protocol/jid.md.</summary>
public static class JidServer
{
    public const string User = "s.whatsapp.net";
    public const string Legacy = "c.us";
    public const string Lid = "lid";
    public const string Group = "g.us";
    public const string Broadcast = "broadcast";
    public const string Newsletter = "newsletter";
    public const string Call = "call";
    public const string Bot = "bot";
    public const string Hosted = "hosted";
    public const string HostedLid = "hosted.lid";
    public const string Messenger = "msgr";
    public const string Interop = "interop";
}
