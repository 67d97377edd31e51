using System.Globalization;
using Footbridge.Protocol.Xml;

namespace Footbridge.Protocol.Signal;

/// <summary>One device as Signal names it; the text is a store key such as <c>5511999.0</c> or <c>1234567_1.7</c>.</summary>
public readonly record struct SignalAddress(string User, byte Domain, ushort Device)
{
    public static SignalAddress Of(Jid jid) => new(jid.User, jid.Server switch
    {
        JidServer.Lid => DomainType.Lid,
        JidServer.Hosted => DomainType.Hosted,
        JidServer.HostedLid => DomainType.HostedLid,
        _ => DomainType.User,
    }, jid.Device);

    /// <summary>What the texts of all devices of a user start with.</summary>
    public static string PrefixOf(Jid user) => Of(user).Name + ".";

    private string Name => Domain == DomainType.User ? User : User + "_" + Domain.ToString(CultureInfo.InvariantCulture);

    public override string ToString() => Name + "." + Device.ToString(CultureInfo.InvariantCulture);
}
