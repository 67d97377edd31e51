using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Security;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Dashboard.Actions;

/// <summary>What came of an action.</summary>
public enum ActionOutcome
{
    Done,

    /// <summary>It goes on by itself; the page shows how far it is.</summary>
    Started,

    /// <summary>Nothing was changed: the job or lane is no longer as the page showed it.</summary>
    Unchanged,

    /// <summary>Whoever asked may only look, or the queue may not be paused.</summary>
    Refused,
}

/// <summary>Everything a person can do to jobs. Each is written down with its result, refused ones too.</summary>
internal sealed class Operator(JobQueue queue, IJobMonitor monitor, AuditLog audit, Settlements settlements)
{
    public Task<ActionOutcome> RetryAsync(Visitor visitor, string id, bool atHead, CancellationToken ct) =>
        ForJobAsync(visitor, atHead ? "retry at head" : "retry", id, () => queue.RetryAsync(id, atHead, ct), ct);

    public Task<ActionOutcome> PromoteAsync(Visitor visitor, string id, CancellationToken ct) =>
        ForJobAsync(visitor, "promote", id, () => queue.PromoteAsync(id, ct), ct);

    public Task<ActionOutcome> RemoveAsync(Visitor visitor, string id, CancellationToken ct) =>
        ForJobAsync(visitor, "remove", id, () => queue.RemoveAsync(id, ct), ct);

    public Task<ActionOutcome> SkipHeadAsync(Visitor visitor, string lane, CancellationToken ct) =>
        DoAsync(visitor, "skip head", lane, () => queue.SkipHeadAsync(lane, ct), ct);

    public Task<ActionOutcome> DropLaneAsync(Visitor visitor, string lane, CancellationToken ct) =>
        DoAsync(visitor, "drop lane", lane, async () => await queue.DropLaneAsync(lane, ct) > 0, ct);

    public Task<ActionOutcome> PauseAsync(Visitor visitor, string name, bool paused, CancellationToken ct) =>
        DoAsync(visitor, paused ? "pause" : "resume", name, () => SetPausedAsync(name, paused, ct), ct, isAllowed: !Queues.IsLocked(name));

    /// <summary>A job's payload with what people wrote in it, or null: refused, or gone.</summary>
    public async Task<ReadOnlyMemory<byte>?> RevealAsync(Visitor visitor, string id, CancellationToken ct)
    {
        ReadOnlyMemory<byte>? payload = null;
        await DoAsync(visitor, "reveal payload", id, async () => (payload = (await monitor.JobAsync(id, ct))?.Payload) is not null, ct);
        return payload;
    }

    /// <summary>What is done to one job belongs to its message's way as well.</summary>
    private async Task<ActionOutcome> ForJobAsync(Visitor visitor, string action, string id, Func<Task<bool>> act, CancellationToken ct)
    {
        var outcome = await DoAsync(visitor, action, id, act, ct);
        if (outcome == ActionOutcome.Done) settlements.Hop(id, Timeline.Operator, null, $"{action} by {visitor.Name}");
        return outcome;
    }

    private async Task<bool> SetPausedAsync(string name, bool paused, CancellationToken ct)
    {
        if (paused) await queue.PauseAsync(name, ct);
        else await queue.ResumeAsync(name, ct);
        return true;
    }

    private async Task<ActionOutcome> DoAsync(Visitor visitor, string action, string target, Func<Task<bool>> act, CancellationToken ct, bool isAllowed = true)
    {
        var outcome = ActionOutcome.Refused;
        if (visitor.CanAct && isAllowed)
        {
            try
            {
                outcome = await act() ? ActionOutcome.Done : ActionOutcome.Unchanged;
            }
            catch (Exception e)
            {
                await audit.AppendAsync(visitor, action, target, $"failed: {e.Message}", CancellationToken.None);
                throw;
            }
        }

        // It has happened: that it did must not be lost to a page that was closed.
        await audit.AppendAsync(visitor, action, target, outcome.ToString().ToLowerInvariant(), CancellationToken.None);
        return outcome;
    }
}
