using Footbridge.Engine.Events;

namespace Footbridge.Engine.Presence;

/// <summary>What somebody is doing.</summary>
public enum PresenceKind
{
    Offline,
    Online,

    /// <summary>Writing in the chat.</summary>
    Typing,

    /// <summary>Recording a voice message in the chat.</summary>
    Recording,

    /// <summary>Has stopped writing or recording; is online.</summary>
    Paused,
}

/// <summary>Somebody's presence as last heard.</summary>
/// <param name="Chat">The person, or the group in which it writes.</param>
/// <param name="LastSeen">When an offline person was last online; null when it does not let this account know.</param>
public sealed record PresenceUpdate(Party Chat, Party Participant, PresenceKind Kind, DateTimeOffset? LastSeen);
