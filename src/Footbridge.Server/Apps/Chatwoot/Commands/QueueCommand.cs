using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Apps.Chatwoot.Commands;

/// <summary>Holds queues and lets them go on, for every app of the installation. What arrives meanwhile is kept.</summary>
internal sealed class QueueCommand(JobQueue queue, IJobMonitor monitor)
{
    /// <summary>Runs <c>queue status|start|stop [name]</c>.</summary>
    /// <param name="action">What stands behind <c>queue</c>, the name included; empty for the help.</param>
    public async Task<Answer> RunAsync(string action, bool isAllowed, Words words, CancellationToken ct)
    {
        var (verb, name) = action.Split(' ', 2) is [var first, var rest] ? (first, rest) : (action, "");
        if (verb is "" or "help") return new(HelpText.OfQueues(words));
        if (!isAllowed) return new(words.Say(Key.CliCmdDisabled, new { command = "queue" }));
        try
        {
            var queues = QueueSelector.Select(name);
            return verb switch
            {
                "status" => new(await StatusAsync(queues, words, ct)),
                "start" => await HoldAsync(queues, hold: false, words, ct),
                "stop" => await HoldAsync(queues, hold: true, words, ct),
                _ => new(words.Say(Key.CommandUnknown, new { command = $"queue {verb}" })),
            };
        }
        catch (UnknownQueueException e)
        {
            return new(e.Candidates.Count == 0
                ? words.Say(Key.QueueUnknown, new { name })
                : words.Say(Key.QueueAmbiguous, new { name, candidates = string.Join(", ", e.Candidates.Select(candidate => $"\"{candidate}\"")) }));
        }
    }

    private async Task<string> StatusAsync(IReadOnlyList<string> queues, Words words, CancellationToken ct)
    {
        var paused = (await monitor.QueuesAsync(ct)).Where(status => status.IsPaused).Select(status => status.Queue).ToHashSet(StringComparer.Ordinal);
        return words.Say(Key.CliCmdQueueStatusResult, new { queues = queues.Select(name => new { name = Queues.ShownName(name), locked = Queues.IsLocked(name), paused = paused.Contains(name) }) });
    }

    private async Task<Answer> HoldAsync(IReadOnlyList<string> queues, bool hold, Words words, CancellationToken ct)
    {
        foreach (var name in queues.Where(name => !Queues.IsLocked(name)))
        {
            await (hold ? queue.PauseAsync(name, ct) : queue.ResumeAsync(name, ct));
        }

        return new(words.Say(hold ? Key.CliCmdQueuePaused : Key.CliCmdQueueResumed), IsActivity: true);
    }

    /// <param name="IsActivity">Said as an activity of the conversation and not as a message.</param>
    public readonly record struct Answer(string Text, bool IsActivity = false);
}
