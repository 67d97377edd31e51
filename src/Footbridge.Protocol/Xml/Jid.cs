using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Footbridge.Protocol.Xml;

/// <summary>A WhatsApp address, <c>user[.agent][:device]@server</c>; the user part is empty for a server's own address.</summary>
/// <remarks>Equality is ordinal over all four parts. Use <see cref="IsSameUser"/> to compare people. Source: docs/protocol/jid.md.</remarks>
public readonly record struct Jid(string User, string Server, ushort Device = 0, byte Agent = 0)
{
    /// <summary>Longest text form accepted, in characters.</summary>
    public const int MaxLength = 320;

    /// <summary>The longest <c>.agent:device@</c>, in characters.</summary>
    private const int LongestSuffix = 11;

    /// <summary>The service itself: <c>s.whatsapp.net</c>.</summary>
    public static Jid Service { get; } = new("", JidServer.User);

    /// <summary>The group service: <c>g.us</c>.</summary>
    public static Jid GroupService { get; } = new("", JidServer.Group);

    /// <summary>The status feed: <c>status@broadcast</c>.</summary>
    public static Jid Status { get; } = new("status", JidServer.Broadcast);

    public bool IsLid => Server is JidServer.Lid or JidServer.HostedLid;

    public bool IsPhone => Server is JidServer.User or JidServer.Legacy or JidServer.Hosted;

    /// <summary>A person's address, by phone number or LID, and not a server, group, channel or broadcast.</summary>
    public bool IsUser => User.Length > 0 && (IsLid || IsPhone);

    public bool IsGroup => Server == JidServer.Group && User.Length > 0;

    /// <summary>The same person without device and agent, <c>c.us</c> and the hosted servers folded into their plain twins.</summary>
    public Jid ToUser() => new(User, Server switch
    {
        JidServer.Legacy or JidServer.Hosted => JidServer.User,
        JidServer.HostedLid => JidServer.Lid,
        _ => Server,
    });

    public Jid WithDevice(ushort device) => this with { Device = device };

    public bool IsSameUser(Jid other) => ToUser() == other.ToUser();

    public static Jid Parse(string text) =>
        TryParse(text, out var jid) ? jid : throw new ProtocolException("not a jid");

    public static bool TryParse([NotNullWhen(true)] string? text, out Jid jid)
    {
        jid = default;
        if (text is null || text.Length is 0 or > MaxLength) return false;
        var at = text.LastIndexOf('@');
        var server = text[(at + 1)..];
        if (server.Length == 0 || !IsServerName(server)) return false;
        if (at < 0)
        {
            jid = new("", server);
            return server.Contains('.');
        }

        return TryParseUser(text.AsSpan(0, at), server, out jid);
    }

    /// <summary>Whether the parts are such that the text form reads back as this same jid; parts from the wire need not be.</summary>
    internal bool IsExact =>
        User.Length > 0 && User.Length + Server.Length < MaxLength - LongestSuffix && Server.Length > 0 && IsServerName(Server) && IsUserName(User)
        && !User.Contains(':', StringComparison.Ordinal) && (HasAgent(Server) ? !User.Contains('.', StringComparison.Ordinal) : Agent == 0);

    public override string ToString()
    {
        if (string.IsNullOrEmpty(User)) return Server ?? "";
        var agent = Agent == 0 ? "" : "." + Agent.ToString(CultureInfo.InvariantCulture);
        var device = Device == 0 ? "" : ":" + Device.ToString(CultureInfo.InvariantCulture);
        return $"{User}{agent}{device}@{Server}";
    }

    private static bool HasAgent(string server) =>
        server is JidServer.User or JidServer.Lid or JidServer.Hosted or JidServer.HostedLid;

    private static bool TryParseUser(ReadOnlySpan<char> text, string server, out Jid jid)
    {
        jid = default;
        ushort device = 0;
        byte agent = 0;
        var colon = text.IndexOf(':');
        if (colon >= 0)
        {
            if (!ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out device)) return false;
            text = text[..colon];
        }

        var dot = text.IndexOf('.');
        if (dot >= 0 && HasAgent(server))
        {
            if (!byte.TryParse(text[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out agent)) return false;
            text = text[..dot];
        }

        if (!IsUserName(text)) return false;
        // "@s.whatsapp.net" is how some clients write the service; a device of nobody would lose its number in the text form.
        if (text.Length == 0 && (device != 0 || agent != 0 || !server.Contains('.', StringComparison.Ordinal))) return false;
        jid = new(text.ToString(), server, device, agent);
        return true;
    }

    private static bool IsUserName(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c is <= ' ' or '@' or '\x7f') return false;
        }

        return true;
    }

    private static bool IsServerName(string server)
    {
        foreach (var c in server)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not '.' and not '-') return false;
        }

        return true;
    }
}
