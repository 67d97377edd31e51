using Footbridge.Server.Apps.Chatwoot;

namespace Footbridge.Server.Dashboard.Board;

/// <summary>Which queues a person may pause. WAHA's rules: what carries commands and states, and what was asked for once, goes on.</summary>
internal static class QueueRules
{
    private static readonly string[] Locked = [Queues.SessionStatus, Queues.Commands, "chatwoot.scheduled | message.cleanup", "chatwoot.scheduled | check.tier"];

    public static bool MayPause(string queue) => !Locked.Contains(queue, StringComparer.Ordinal) && !queue.StartsWith("chatwoot.task | ", StringComparison.Ordinal);
}
