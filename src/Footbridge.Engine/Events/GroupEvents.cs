using Footbridge.Engine.Groups;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Events;

/// <summary>The account is in a group: it made it, was added, or joined.</summary>
/// <param name="Info">Null when the server could not be asked.</param>
/// <param name="By">Who did it, when told.</param>
public sealed record GroupJoined(string Id, DateTimeOffset Time, Jid Group, GroupInfo? Info, Party? By) : EngineEvent(Id, Time);

/// <summary>The account has left a group, was removed from it, or the group is gone.</summary>
public sealed record GroupLeft(string Id, DateTimeOffset Time, Jid Group, Party? By) : EngineEvent(Id, Time);

/// <summary>Others joined or left a group, or anybody's rights in it changed.</summary>
/// <param name="Members">Those whom the change is about, with the role they have now (or had when they left).</param>
public sealed record GroupParticipantsChanged(
    string Id, DateTimeOffset Time, Jid Group, GroupMemberChange Change, IReadOnlyList<GroupMember> Members, Party? By) : EngineEvent(Id, Time);

/// <summary>What happened to members of a group.</summary>
public enum GroupMemberChange
{
    Joined,
    Left,
    Promoted,
    Demoted,
}

/// <summary>A group's settings changed.</summary>
public sealed record GroupUpdated(string Id, DateTimeOffset Time, Jid Group, GroupChanges Changes, Party? By) : EngineEvent(Id, Time);

/// <summary>What changed about a group; null is what did not.</summary>
public sealed record GroupChanges
{
    public string? Subject { get; init; }

    /// <summary>Empty when it was removed.</summary>
    public string? Description { get; init; }

    public bool? IsAnnounce { get; init; }

    public bool? IsLocked { get; init; }

    public bool? MembersCanAdd { get; init; }

    public bool? NeedsApproval { get; init; }

    /// <summary>How long messages live; 0 for ever.</summary>
    public long? EphemeralSeconds { get; init; }

    public string? InviteCode { get; init; }

    /// <summary>WhatsApp has closed the group, or opened it again.</summary>
    public bool? IsSuspended { get; init; }

    /// <summary>A community and one of its groups came together, or were taken apart.</summary>
    public GroupLink? Link { get; init; }
}

/// <summary>What the other group is to the one that an event is about.</summary>
public enum GroupLinkKind
{
    /// <summary>The community that the group belongs to.</summary>
    Community,

    /// <summary>A group that belongs to the community.</summary>
    Member,

    /// <summary>Another group of the same community.</summary>
    Sibling,
}

/// <summary>A change of which groups belong to a community.</summary>
/// <param name="Other">The other group.</param>
/// <param name="Subject">The other group's name, when told.</param>
/// <param name="Reason">Why it was taken out, such as <c>unlink_group</c> or <c>delete_parent</c>.</param>
public sealed record GroupLink(GroupLinkKind Kind, Jid Other, string? Subject, bool IsLinked, string? Reason);

/// <summary>People ask an admin to be let in, or take it back.</summary>
public sealed record GroupJoinRequested(string Id, DateTimeOffset Time, Jid Group, IReadOnlyList<Party> People, bool IsWithdrawn) : EngineEvent(Id, Time);
