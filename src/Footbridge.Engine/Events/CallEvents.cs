namespace Footbridge.Engine.Events;

/// <summary>Something about a call to the account. Its sound and picture are not carried.</summary>
/// <param name="CallId">The same in all events of one call.</param>
/// <param name="From">Who called.</param>
/// <param name="Group">The group that was called, or null.</param>
public abstract record CallEvent(string Id, DateTimeOffset Time, string CallId, Party From, Party? Group, bool IsVideo) : EngineEvent(Id, Time);

/// <summary>Somebody calls.</summary>
/// <param name="IsMissed">It rang while the account was away.</param>
public sealed record CallReceived(string Id, DateTimeOffset Time, string CallId, Party From, Party? Group, bool IsVideo, bool IsMissed)
    : CallEvent(Id, Time, CallId, From, Group, IsVideo);

/// <summary>The call was taken, on another device of the account.</summary>
public sealed record CallAccepted(string Id, DateTimeOffset Time, string CallId, Party From, Party? Group, bool IsVideo)
    : CallEvent(Id, Time, CallId, From, Group, IsVideo);

/// <summary>The call was rejected, or is over; told once of each call.</summary>
/// <param name="Reason">WhatsApp's word (<c>timeout</c>, <c>rejected_elsewhere</c>, …) or <c>rejected</c>; null when it gave none.</param>
public sealed record CallEnded(string Id, DateTimeOffset Time, string CallId, Party From, Party? Group, bool IsVideo, string? Reason)
    : CallEvent(Id, Time, CallId, From, Group, IsVideo);
