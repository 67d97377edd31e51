namespace Footbridge.Server.Apps.Chatwoot.Tasks.Database;

/// <summary>A message of the past as it is written into Chatwoot's database.</summary>
/// <param name="SourceId">What it is known by; one that the conversation has already is not written again.</param>
internal sealed record DatabaseMessage(string SourceId, string? Content, DateTimeOffset At)
{
    /// <summary>The customer's, and not the account's own.</summary>
    public bool IsIncoming { get; init; }

    public bool IsPrivate { get; init; }

    /// <summary>Its callback, if Chatwoot ever made one, must not be sent to WhatsApp.</summary>
    public bool IsEcho { get; init; }

    /// <summary>The message it answers, by what that is known by, and by its id in Chatwoot where that is known.</summary>
    public (string SourceId, long? Id)? ReplyTo { get; init; }
}
