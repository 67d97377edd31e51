using Footbridge.Jobs;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Apps.Chatwoot;

namespace Footbridge.Server.Dashboard.Board;

/// <summary>One queue as the board shows it.</summary>
/// <param name="Completed">Jobs completed in each of the last 60 minutes, the running one last.</param>
public sealed record BoardQueue(QueueStatus Status, bool MayPause, IReadOnlyList<int> Completed, IReadOnlyList<int> Failed)
{
    public string Name => Status.Queue;
}

/// <summary>What the board shows.</summary>
public sealed record BoardView(IReadOnlyList<BoardQueue> Queues);

/// <summary>Reads the board: the queues people know, also those that are empty, and any other that holds a job.</summary>
internal sealed class BoardReader(IJobMonitor monitor, IJobStore store)
{
    /// <summary>Where jobs are kept, in a person's words.</summary>
    public string Store => store is SqliteJobStore ? "SQLite, in this process" : "Redis";

    public async Task<BoardView> ReadAsync(CancellationToken ct)
    {
        var found = (await monitor.QueuesAsync(ct)).ToDictionary(status => status.Queue, StringComparer.Ordinal);
        var rates = (await monitor.RatesAsync(ct)).ToDictionary(rate => rate.Queue, StringComparer.Ordinal);
        var names = Queues.All.Concat(found.Keys.Except(Queues.All).Order(StringComparer.Ordinal));
        return new([.. names.Select(name => Queue(name, found.GetValueOrDefault(name), rates.GetValueOrDefault(name)))]);
    }

    /// <summary>One queue, whether it holds anything or not.</summary>
    public async Task<BoardQueue> ReadAsync(string name, CancellationToken ct) =>
        Queue(name, (await monitor.QueuesAsync(ct)).FirstOrDefault(status => status.Queue == name), (await monitor.RatesAsync(ct)).FirstOrDefault(rate => rate.Queue == name));

    private static BoardQueue Queue(string name, QueueStatus? status, QueueRates? rates) =>
        new(status ?? new(name, false, new Dictionary<JobState, long>(), null), !Queues.IsLocked(name), rates?.Completed ?? [], rates?.Failed ?? []);
}
