namespace Footbridge.Engine.Events;

/// <summary>What is known of a person changed. A null name says nothing new; an empty one was removed.</summary>
/// <param name="FullName">As the account's owner saved it.</param>
/// <param name="PushName">As the person calls itself.</param>
public sealed record ContactUpdated(
    string Id, DateTimeOffset Time, Party Person, string? FullName = null, string? FirstName = null, string? PushName = null, string? BusinessName = null, string? Username = null)
    : EngineEvent(Id, Time);
