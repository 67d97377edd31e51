using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Apps.Chatwoot.Commands;

/// <summary>Holds queues and lets them go on, for every app of the installation. What arrives meanwhile is kept.</summary>
internal sealed class QueueCommand(JobQueue queue, IJobMonitor monitor)
{
    /// <summary>Runs <c>queue status|start|stop [name]</c>.</summary>
    public async Task RunAsync(CommandCall call, CancellationToken ct)
    {
        var (context, name) = (call.Context, call.Request.Text(CommandTree.QueueName) ?? "");
        if (call.Request.Text(CommandTree.QueueAction) is not { } action)
        {
            await call.AnswerAsync(new HelpText(context.Words, context.Config, call.Prefix).Of(call.Request.Command), ct);
            return;
        }

        if (!context.Config.AllowsQueueCommands)
        {
            await call.AnswerAsync(Key.CliCmdDisabled, new { command = "queue", prefix = call.Prefix }, ct);
            return;
        }

        try
        {
            var queues = QueueSelector.Select(name);
            if (action == CommandTree.Status) await call.AnswerAsync(Key.CliCmdQueueStatusResult, new { queues = await StatusAsync(queues, ct) }, ct);
            else await HoldAsync(call, queues, hold: action == "stop", ct);
        }
        catch (UnknownQueueException e)
        {
            await (e.Candidates.Count == 0
                ? call.AnswerAsync(Key.QueueUnknown, new { name, prefix = call.Prefix }, ct)
                : call.AnswerAsync(Key.QueueAmbiguous, new { name, candidates = string.Join(", ", e.Candidates.Select(candidate => $"\"{candidate}\"")) }, ct));
        }
    }

    private async Task<IEnumerable<object>> StatusAsync(IReadOnlyList<string> queues, CancellationToken ct)
    {
        var paused = (await monitor.QueuesAsync(ct)).Where(status => status.IsPaused).Select(status => status.Queue).ToHashSet(StringComparer.Ordinal);
        return queues.Select(name => new { name = Queues.ShownName(name), locked = Queues.IsLocked(name), paused = paused.Contains(name) });
    }

    private async Task HoldAsync(CommandCall call, IReadOnlyList<string> queues, bool hold, CancellationToken ct)
    {
        foreach (var name in queues.Where(name => !Queues.IsLocked(name)))
        {
            await (hold ? queue.PauseAsync(name, ct) : queue.ResumeAsync(name, ct));
        }

        await call.TellAsync(call.Context.Words.Say(hold ? Key.CliCmdQueuePaused : Key.CliCmdQueueResumed, new { prefix = call.Prefix }), ct);
    }
}
