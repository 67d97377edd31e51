using Footbridge.Jobs;
using Footbridge.Server.Config;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>The queues' names, which people see in links and notes, and how their jobs are tried.</summary>
internal sealed class Queues(Settings settings)
{
    public const string MessageAny = "chatwoot.waha | message.any";
    public const string MessageAck = "chatwoot.waha | message.ack";
    public const string SessionStatus = "chatwoot.waha | session.status";
    public const string MessageCreated = "chatwoot.inbox | message_created";
    public const string MessageUpdated = "chatwoot.inbox | message_updated";
    public const string Commands = "chatwoot.inbox | commands";
    public const string ConversationCreated = "chatwoot.inbox | conversation_created";
    public const string ConversationStatus = "chatwoot.inbox | conversation_status_changed";
    public const string Notes = "chatwoot.task | error.note";

    /// <summary>In the order people look for them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [MessageAny, MessageAck, SessionStatus, MessageCreated, MessageUpdated, Commands, ConversationCreated, ConversationStatus, Notes];

    public JobPolicy Retried { get; } = new(settings.JobAttempts, settings.JobFirstDelay) { RetryAfterLimit = settings.ChatwootAwayLimit };

    public JobPolicy Once { get; } = new(1, settings.JobFirstDelay) { RetryAfterLimit = settings.ChatwootAwayLimit };
}
