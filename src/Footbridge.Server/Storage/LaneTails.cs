using Footbridge.Jobs.Sqlite;

namespace Footbridge.Server.Storage;

/// <summary>The last job each lane got and that is not known to be done: what a further job of the lane has to come after.</summary>
/// <remarks>
/// In memory, one entry for each lane with something on its way. An entry that stays although its job is done does no harm: a broker
/// that has its memory knows done jobs too.
/// </remarks>
internal sealed class LaneTails(SqliteDatabase database)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _tails = new(StringComparer.Ordinal);

    /// <summary>Reads what was on its way when the process ended.</summary>
    public void Load()
    {
        var pending = database.Read(c => c.Query("SELECT lane, job, MAX(seq) FROM deliveries WHERE state = 0 GROUP BY lane", row => (Lane: row.GetString(0), Job: row.GetString(1))));
        lock (_gate)
        {
            foreach (var (lane, job) in pending) _tails.TryAdd(lane, job);
        }
    }

    /// <summary>Puts a job at a lane's end; gives the one that was there before.</summary>
    /// <remarks>
    /// That may be the job itself, when a replay has enqueued it already: a broker that knows it says so, and one that does not has
    /// forgotten the lane once more.
    /// </remarks>
    public string? Append(string lane, string job)
    {
        lock (_gate)
        {
            _tails.Remove(lane, out var before);
            _tails[lane] = job;
            return before;
        }
    }

    /// <summary>Takes a job back that was not enqueued after all.</summary>
    public void Restore(string lane, string? before)
    {
        lock (_gate)
        {
            if (before is null) _tails.Remove(lane);
            else _tails[lane] = before;
        }
    }

    public void Done(string lane, string job)
    {
        lock (_gate)
        {
            if (_tails.TryGetValue(lane, out var tail) && tail == job) _tails.Remove(lane);
        }
    }
}
