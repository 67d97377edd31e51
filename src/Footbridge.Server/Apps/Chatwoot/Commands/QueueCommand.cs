using Footbridge.Jobs;

namespace Footbridge.Server.Apps.Chatwoot.Commands;

/// <summary>Holds queues and lets them go on, for every app of the installation. What arrives meanwhile is kept.</summary>
internal sealed class QueueCommand(JobQueue queue, IJobMonitor monitor)
{
    /// <summary>Runs <c>queue status|start|stop [name]</c>.</summary>
    /// <param name="action">What stands behind <c>queue</c>, the name included; empty for the help.</param>
    public async Task<Answer> RunAsync(string action, bool isAllowed, CancellationToken ct)
    {
        var (verb, name) = action.Split(' ', 2) is [var first, var rest] ? (first, rest) : (action, "");
        if (verb is "" or "help") return new(Texts.QueueHelp);
        if (!isAllowed) return new(Texts.CommandDisabled("queue"));
        try
        {
            var queues = QueueSelector.Select(name);
            return verb switch
            {
                "status" => new(await StatusAsync(queues, ct)),
                "start" => await HoldAsync(queues, hold: false, ct),
                "stop" => await HoldAsync(queues, hold: true, ct),
                _ => new(Texts.UnknownCommand($"queue {verb}", null)),
            };
        }
        catch (UnknownQueueException e)
        {
            return new(e.Message);
        }
    }

    private async Task<string> StatusAsync(IReadOnlyList<string> queues, CancellationToken ct)
    {
        var paused = (await monitor.QueuesAsync(ct)).Where(status => status.IsPaused).Select(status => status.Queue).ToHashSet(StringComparer.Ordinal);
        return Texts.QueueStatus(queues.Select(name => (Queues.ShownName(name), Queues.IsLocked(name), paused.Contains(name))));
    }

    private async Task<Answer> HoldAsync(IReadOnlyList<string> queues, bool hold, CancellationToken ct)
    {
        foreach (var name in queues.Where(name => !Queues.IsLocked(name)))
        {
            await (hold ? queue.PauseAsync(name, ct) : queue.ResumeAsync(name, ct));
        }

        return new(hold ? Texts.QueuesHeld : Texts.QueuesRunning, IsActivity: true);
    }

    /// <param name="IsActivity">Said as an activity of the conversation and not as a message.</param>
    public readonly record struct Answer(string Text, bool IsActivity = false);
}
