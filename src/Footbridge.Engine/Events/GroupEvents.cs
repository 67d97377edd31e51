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
}

/// <summary>People ask an admin to be let in, or take it back.</summary>
public sealed record GroupJoinRequested(string Id, DateTimeOffset Time, Jid Group, IReadOnlyList<Party> People, bool IsWithdrawn) : EngineEvent(Id, Time);
