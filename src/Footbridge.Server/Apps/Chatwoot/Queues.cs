using Footbridge.Jobs;
using Footbridge.Server.Config;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>The queues' names, which people see in links and notes, and how their jobs are tried.</summary>
internal sealed class Queues(Settings settings)
{
    public const string MessageAny = "chatwoot.waha | message.any";
    public const string MessageAck = "chatwoot.waha | message.ack";
    public const string MessageReaction = "chatwoot.waha | message.reaction";
    public const string MessageEdited = "chatwoot.waha | message.edited";
    public const string MessageRevoked = "chatwoot.waha | message.revoked";
    public const string CallReceived = "chatwoot.waha | call.received";
    public const string CallAccepted = "chatwoot.waha | call.accepted";
    public const string CallRejected = "chatwoot.waha | call.rejected";
    public const string GroupAck = "chatwoot.waha | message.ack.group";
    public const string PollVote = "chatwoot.waha | poll.vote";
    public const string Group = "chatwoot.waha | group.v2";
    public const string SessionStatus = "chatwoot.waha | session.status";
    public const string MessageCreated = "chatwoot.inbox | message_created";
    public const string MessageUpdated = "chatwoot.inbox | message_updated";
    public const string MessageDeleted = "chatwoot.inbox | message_deleted";
    public const string Commands = "chatwoot.inbox | commands";
    public const string ConversationCreated = "chatwoot.inbox | conversation_created";
    public const string ConversationStatus = "chatwoot.inbox | conversation_status_changed";
    public const string ContactPicture = "chatwoot.task | contact.picture";
    public const string ContactsPull = "chatwoot.task | contacts.pull";
    public const string MessagesPull = "chatwoot.task | messages.pull";
    public const string Notes = "chatwoot.task | error.note";

    public const string Cleanup = "chatwoot.scheduled | message.cleanup";
    public const string CheckVersion = "chatwoot.scheduled | check.version";

    public const string Drift = "chatwoot.scheduled | check.connection";

    private static readonly string[] Groups = ["inbox", "waha", "task", "scheduled"];

    /// <summary>Every queue, in the order people are shown them: those that may be paused first, then by group and name.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. new[]
        {
            MessageAny, MessageAck, MessageReaction, MessageEdited, MessageRevoked, CallReceived, CallAccepted, CallRejected, Group, GroupAck, PollVote, SessionStatus,
            MessageCreated, MessageUpdated, MessageDeleted, Commands, ConversationCreated, ConversationStatus, ContactPicture, Notes, Cleanup, CheckVersion, Drift, ContactsPull, MessagesPull,
        }.OrderBy(IsLocked).ThenBy(queue => Array.IndexOf(Groups, GroupOf(queue))).ThenBy(queue => queue, StringComparer.Ordinal),
    ];

    /// <summary>Queues that are never paused: without them nobody would hear that the others are.</summary>
    public static bool IsLocked(string queue) => queue is SessionStatus or Commands or Notes or Cleanup or Drift or ContactsPull or MessagesPull;

    /// <summary>A queue's name as people write it: <c>inbox | message_created</c>, <c>whatsapp | message.any</c>.</summary>
    public static string ShownName(string queue) =>
        queue.Replace("chatwoot.", "", StringComparison.Ordinal).Replace("waha |", "whatsapp |", StringComparison.Ordinal);

    public JobPolicy Retried { get; } = settings.Jobs.Retried(settings.ChatwootAwayLimit);

    public JobPolicy Once { get; } = new(1, settings.Jobs.BackoffDelay) { RetryAfterLimit = settings.ChatwootAwayLimit };

    /// <summary>How long a job that is tried again waits before its first try; null for at once.</summary>
    public TimeSpan? Delay { get; } = settings.Jobs.Delay > TimeSpan.Zero ? settings.Jobs.Delay : null;

    internal static string GroupOf(string queue) => queue["chatwoot.".Length..queue.IndexOf(' ', StringComparison.Ordinal)];

    internal static string KindOf(string queue) => queue[(queue.IndexOf('|', StringComparison.Ordinal) + 2)..];
}
