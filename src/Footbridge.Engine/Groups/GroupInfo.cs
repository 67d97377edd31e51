using Footbridge.Engine.Events;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Groups;

/// <summary>A group as WhatsApp's server knows it.</summary>
/// <param name="IsLidAddressed">Its members go by their LIDs on the wire, not by their numbers.</param>
/// <param name="IsAnnounce">Only admins may write.</param>
/// <param name="IsLocked">Only admins may change subject, description and picture.</param>
/// <param name="MembersCanAdd">All members may add others, not only admins.</param>
/// <param name="NeedsApproval">Who joins by the link waits for an admin.</param>
/// <param name="EphemeralSeconds">How long messages live; 0 for ever.</param>
/// <param name="IsCommunity">It is itself a community, whose groups name it.</param>
/// <param name="Community">The community the group belongs to.</param>
/// <param name="MembersVersion">The server's version of the member list, when told.</param>
public sealed record GroupInfo(
    Jid Id, string Subject, Party? Owner, DateTimeOffset? CreatedAt, GroupText? Description, bool IsLidAddressed, bool IsAnnounce, bool IsLocked,
    bool MembersCanAdd, bool NeedsApproval, long EphemeralSeconds, bool IsCommunity, Jid? Community, IReadOnlyList<GroupMember> Members, string? MembersVersion)
{
    /// <summary>The group in which a community's admins write to all its members.</summary>
    public bool IsCommunityAnnouncement { get; init; }

    /// <summary>WhatsApp has closed it: nobody can write.</summary>
    public bool IsSuspended { get; init; }
}

/// <summary>A group's description; its id must be given back to change it.</summary>
public sealed record GroupText(string Text, string? Id, Party? Author, DateTimeOffset? Time);

/// <summary>A member of a group.</summary>
public sealed record GroupMember(Party Person, GroupRole Role);

/// <summary>What a member may do.</summary>
public enum GroupRole
{
    Member,
    Admin,

    /// <summary>The creator: an admin whom no other admin can demote.</summary>
    SuperAdmin,
}

/// <summary>What became of one person in a change of a group's members.</summary>
/// <param name="Error">Null when it was done.</param>
/// <param name="Invitation">With <see cref="MemberError.NotAllowedByPerson"/>: what an invite message to the person must carry.</param>
public sealed record MemberOutcome(Party Person, MemberError? Error, int? Code, GroupInvitation? Invitation);

/// <summary>Why a person was not added, removed, promoted or demoted.</summary>
public enum MemberError
{
    Other,

    /// <summary>401: the person has blocked the account.</summary>
    Blocked,

    /// <summary>403: the person's privacy settings want an invitation instead.</summary>
    NotAllowedByPerson,

    /// <summary>404: no such person, or not a member.</summary>
    NotFound,

    /// <summary>408: the person left a short time ago.</summary>
    LeftRecently,

    /// <summary>409: the person is a member already.</summary>
    AlreadyMember,
}

/// <summary>Lets a person in who cannot be added.</summary>
public sealed record GroupInvitation(string Code, DateTimeOffset ExpiresAt);

/// <summary>A person who asks to be let in.</summary>
public sealed record JoinRequest(Party Person, DateTimeOffset? Time, string? Method);

/// <summary>How joining by a link went: the account is in, or an admin has to approve.</summary>
public sealed record GroupJoining(Jid Group, bool WaitsForApproval);
