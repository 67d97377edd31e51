using System.Collections.Concurrent;
using Footbridge.Jobs;
using Footbridge.Server.Security;

namespace Footbridge.Server.Dashboard.Actions;

/// <summary>Something to do to all jobs of a queue that are in one state.</summary>
public enum BulkAction
{
    RetryFailed,
    PromoteDelayed,
    RemoveCompleted,
    RemoveFailed,
}

/// <summary>Actions on many jobs. They go on when the page that began them is closed, one at a time for each queue.</summary>
internal sealed class BulkRuns(JobQueue queue, IJobMonitor monitor, AuditLog audit, IHostApplicationLifetime lifetime)
{
    private const int PageSize = 500;
    private readonly ConcurrentDictionary<string, BulkRun> _runs = new(StringComparer.Ordinal);

    /// <summary>The last run of a queue, or null.</summary>
    public BulkRun? Of(string name) => _runs.GetValueOrDefault(name);

    /// <summary>Begins a run, or gives the one that is under way; null when refused.</summary>
    public async Task<BulkRun?> StartAsync(Visitor visitor, BulkAction action, string name)
    {
        if (!visitor.CanAct)
        {
            await audit.AppendAsync(visitor, Word(action), name, "refused", CancellationToken.None);
            return null;
        }

        var run = new BulkRun(action);
        var current = _runs.AddOrUpdate(name, run, (_, former) => former.IsOver ? run : former);
        if (ReferenceEquals(current, run)) run.Completion = Task.Run(() => RunAsync(visitor, name, run, lifetime.ApplicationStopping), CancellationToken.None);
        return current;
    }

    public static string Word(BulkAction action) => action switch
    {
        BulkAction.RetryFailed => "retry all failed",
        BulkAction.PromoteDelayed => "promote all delayed",
        BulkAction.RemoveCompleted => "remove all completed",
        _ => "remove all failed",
    };

    private static JobState StateOf(BulkAction action) => action switch
    {
        BulkAction.PromoteDelayed => JobState.Delayed,
        BulkAction.RemoveCompleted => JobState.Completed,
        _ => JobState.Failed,
    };

    private async Task RunAsync(Visitor visitor, string name, BulkRun run, CancellationToken ct)
    {
        try
        {
            var ids = await IdsAsync(run.Action, name, ct);
            run.Total = ids.Count;
            foreach (var id in ids) run.Count(await DoAsync(run.Action, id, ct));
        }
        catch (Exception e)
        {
            run.Problem = ct.IsCancellationRequested ? "the server is stopping" : e.Message;
        }

        run.End();
        await audit.AppendAsync(visitor, Word(run.Action), name, run.Describe(), CancellationToken.None);
    }

    // All of them first: a job that fails again while this runs is not tried once more. Oldest first, so that a chat's messages keep their order.
    private async Task<IReadOnlyList<string>> IdsAsync(BulkAction action, string name, CancellationToken ct)
    {
        var jobs = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        for (var skip = 0; ; skip += PageSize)
        {
            var page = await monitor.JobsAsync(StateOf(action), name, skip, PageSize, ct);
            foreach (var job in page) jobs.TryAdd(job.Id, job.Created);
            if (page.Count < PageSize) return [.. jobs.Reverse().OrderBy(job => job.Value).Select(job => job.Key)];
        }
    }

    private Task<bool> DoAsync(BulkAction action, string id, CancellationToken ct) => action switch
    {
        BulkAction.RetryFailed => queue.RetryAsync(id, atHead: false, ct),
        BulkAction.PromoteDelayed => queue.PromoteAsync(id, ct),
        _ => queue.RemoveAsync(id, ct),
    };
}

/// <summary>One run over many jobs, as pages show it while it goes on and after.</summary>
public sealed class BulkRun(BulkAction action)
{
    private int _seen;
    private int _changed;
    private volatile bool _isOver;

    public BulkAction Action { get; } = action;

    /// <summary>How many jobs there are to go through; 0 while they are still being listed.</summary>
    public int Total { get; internal set; }

    public int Seen => Volatile.Read(ref _seen);

    public bool IsOver => _isOver;

    /// <summary>Why it ended early, if it did.</summary>
    public string? Problem { get; internal set; }

    internal Task Completion { get; set; } = Task.CompletedTask;

    public string Describe()
    {
        var changed = Volatile.Read(ref _changed);
        var rest = Seen - changed;
        var left = rest == 0 ? "" : $", {rest} had changed meanwhile";
        return Problem is null ? $"{changed} done{left}" : $"{changed} of {Total} done{left}; ended early: {Problem}";
    }

    internal void Count(bool isChanged)
    {
        if (isChanged) Interlocked.Increment(ref _changed);
        Interlocked.Increment(ref _seen);
    }

    internal void End() => _isOver = true;
}
