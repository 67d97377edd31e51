namespace Footbridge.Engine.Events;

/// <summary>Something about a whole chat changed on another device of the account (or here, once the server has it).</summary>
public sealed record ChatUpdated(string Id, DateTimeOffset Time, Party Chat, ChatChange Change) : EngineEvent(Id, Time);

/// <summary>What changed about a chat.</summary>
public abstract record ChatChange
{
    private ChatChange()
    {
    }

    public sealed record Archived(bool IsArchived) : ChatChange;

    public sealed record Pinned(bool IsPinned) : ChatChange;

    /// <param name="Until">Null when the chat is not muted; <see cref="DateTimeOffset.MaxValue"/> for ever.</param>
    public sealed record Muted(DateTimeOffset? Until) : ChatChange;

    public sealed record Read(bool IsRead) : ChatChange;

    /// <summary>All messages are gone, the chat stays.</summary>
    public sealed record Cleared : ChatChange;

    public sealed record Deleted : ChatChange;

    /// <param name="Seconds">How long messages live; 0 for ever.</param>
    public sealed record Ephemeral(long Seconds) : ChatChange;

    /// <param name="Name">A group's or channel's name.</param>
    public sealed record Named(string Name) : ChatChange;
}

/// <summary>A message was starred or unstarred on another device of the account.</summary>
public sealed record MessageStarred(string Id, DateTimeOffset Time, Party Chat, string MessageId, bool IsFromMe, bool IsStarred) : EngineEvent(Id, Time);

/// <summary>A message was deleted on the account's own devices only.</summary>
public sealed record MessageDeletedForMe(string Id, DateTimeOffset Time, Party Chat, string MessageId, bool IsFromMe) : EngineEvent(Id, Time);

/// <summary>A label of a business account was made, changed or deleted.</summary>
/// <param name="Color">Index into WhatsApp's palette of 20.</param>
public sealed record LabelUpdated(string Id, DateTimeOffset Time, string LabelId, string Name, int Color, bool IsDeleted) : EngineEvent(Id, Time);

/// <summary>A label was put on a chat or a message, or taken off.</summary>
/// <param name="MessageId">Null when it is on the whole chat.</param>
public sealed record LabelAssigned(string Id, DateTimeOffset Time, string LabelId, Party Chat, string? MessageId, bool IsAssigned) : EngineEvent(Id, Time);
