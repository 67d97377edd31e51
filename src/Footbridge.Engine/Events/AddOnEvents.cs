namespace Footbridge.Engine.Events;

/// <summary>A message that people answer with more than a text: a poll or an event.</summary>
public sealed record AddOnTarget(string MessageId, Party Chat, Party Author, bool IsFromMe);

/// <summary>Somebody voted in a poll; a vote replaces the person's former one.</summary>
/// <param name="MessageId">The vote's own id.</param>
/// <param name="SelectedOptions">Texts of the chosen options, empty when the vote was withdrawn; null when the vote could not be read.</param>
/// <param name="Failure">Why the vote could not be read, else null.</param>
public sealed record PollVoted(
    string Id, DateTimeOffset Time, string MessageId, Party Chat, Party Voter, bool IsFromMe, AddOnTarget Poll, IReadOnlyList<string>? SelectedOptions, string? Failure)
    : EngineEvent(Id, Time)
{
    /// <summary>Votes of each option after this one, in the poll's order; empty when the vote could not be read.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> Totals { get; init; } = [];

    /// <summary>What the poll asks; null when the vote could not be read.</summary>
    public string? Question { get; init; }

    /// <summary>How many people have a vote in the poll after this one.</summary>
    public int Voters { get; init; }
}

/// <summary>What somebody answered to an event.</summary>
public enum EventAnswer
{
    Unknown,
    Going,
    NotGoing,
    Maybe,
}

/// <summary>Somebody answered an event.</summary>
/// <param name="Answer">Null when the answer could not be read.</param>
/// <param name="Failure">Why the answer could not be read, else null.</param>
public sealed record EventResponded(
    string Id, DateTimeOffset Time, string MessageId, Party Chat, Party Person, bool IsFromMe, AddOnTarget Event, EventAnswer? Answer, int ExtraGuests, string? Failure)
    : EngineEvent(Id, Time)
{
    public string? PushName { get; init; }
}

/// <summary>A group's member chose, or lost, a label that stands beside its name.</summary>
/// <param name="Label">Empty when it was taken off.</param>
public sealed record MemberLabelChanged(string Id, DateTimeOffset Time, Party Chat, Party Person, string Label) : EngineEvent(Id, Time);

/// <summary>Somebody allowed or forbade to pass a chat's messages on.</summary>
public sealed record SharingLimited(string Id, DateTimeOffset Time, Party Chat, Party By, bool IsLimited) : EngineEvent(Id, Time);
