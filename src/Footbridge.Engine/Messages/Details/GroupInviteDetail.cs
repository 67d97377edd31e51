using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Messages.Details;

/// <summary>An invitation into a group, for one person.</summary>
/// <param name="Code">What joining must give back; it is no part of a link.</param>
/// <param name="IsCommunity">The group is a community.</param>
/// <param name="Thumbnail">A small JPEG of the group's picture.</param>
public sealed record GroupInviteDetail(Jid? Group, string? Code, DateTimeOffset? ExpiresAt, string? Name, string? Caption, bool IsCommunity, byte[]? Thumbnail) : MessageDetail
{
    internal static GroupInviteDetail? Of(Message content)
    {
        if (content.GroupInviteMessage is not { } invite) return null;
        return new(
            Texts.Address(invite.GroupJid), Texts.Filled(invite.InviteCode), Texts.Time(invite.InviteExpiration), Texts.Filled(invite.GroupName), Texts.Filled(invite.Caption),
            invite.GroupType == Message.Types.GroupInviteMessage.Types.GroupType.Parent, Texts.Filled(invite.JpegThumbnail));
    }
}
