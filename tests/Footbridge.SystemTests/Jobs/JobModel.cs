using Footbridge.Jobs;

namespace Footbridge.SystemTests.Jobs;

/// <summary>The rules of lanes in the plainest form: lists in memory. Slow, and easy to be sure of.</summary>
internal sealed class JobModel
{
    private readonly Dictionary<string, List<ModelJob>> _lanes = [];
    private readonly HashSet<string> _removed = [];

    public Dictionary<string, ModelJob> Jobs { get; } = [];

    public HashSet<string> Paused { get; } = [];

    public IReadOnlyDictionary<string, List<ModelJob>> Lanes => _lanes;

    public JobStanding Standing(string id) =>
        !Jobs.TryGetValue(id, out var job) ? (_removed.Contains(id) ? JobStanding.Deleted : JobStanding.Unknown)
        : job.Finished switch { JobState.Completed => JobStanding.Completed, JobState.Failed => JobStanding.Failed, _ => JobStanding.Open };

    public JobEnqueued Enqueue(JobRequest request, DateTimeOffset now)
    {
        if (Standing(request.Id) != JobStanding.Unknown) return JobEnqueued.Known;
        if (request.After is { } after && Standing(after) == JobStanding.Unknown) return JobEnqueued.Gap;
        var job = new ModelJob(request)
        {
            NotBefore = now + (request.Delay ?? TimeSpan.Zero),
            Runs = request.EarlierRuns,
        };
        Jobs.Add(job.Id, job);
        Lane(job.Lane).Add(job);
        return JobEnqueued.Added;
    }

    /// <summary>Heads that a claim may return now.</summary>
    public IReadOnlyList<ModelJob> Ready(DateTimeOffset now)
    {
        foreach (var job in Jobs.Values.Where(job => job.Ticket is not null && job.LeaseEnd <= now)) GiveBack(job, now);
        return [.. _lanes.Values.Where(lane => lane.Count > 0).Select(lane => lane[0])
            .Where(head => head.Ticket is null && head.NotBefore <= now && !Paused.Contains(head.Queue))];
    }

    public void Claim(ModelJob job, JobTicket ticket, DateTimeOffset now, TimeSpan lease)
    {
        (job.Ticket, job.LeaseEnd, job.Attempts, job.Runs) = (ticket, now + lease, job.Attempts + 1, job.Runs + 1);
        job.FirstStarted ??= now;
    }

    public ModelJob? Holder(JobTicket ticket) => Jobs.TryGetValue(ticket.Id, out var job) && job.Ticket == ticket ? job : null;

    public void Finish(ModelJob job, JobState state)
    {
        Lane(job.Lane).Remove(job);
        (job.Ticket, job.Finished) = (null, state);
    }

    public void Wait(ModelJob job, TimeSpan delay, bool usesAttempt, DateTimeOffset now)
    {
        (job.Ticket, job.NotBefore) = (null, now + delay);
        if (!usesAttempt) job.Attempts--;
    }

    public void GiveBack(ModelJob job, DateTimeOffset now) => Wait(job, TimeSpan.Zero, usesAttempt: false, now);

    public bool Retry(string id, bool atHead, DateTimeOffset now)
    {
        if (!Jobs.TryGetValue(id, out var job) || job.Finished != JobState.Failed) return false;
        (job.Finished, job.Attempts, job.FirstStarted, job.NotBefore) = (null, 0, null, now);
        var lane = Lane(job.Lane);
        lane.Insert(!atHead ? lane.Count : lane is [{ Ticket: not null }, ..] ? 1 : 0, job);
        return true;
    }

    public bool SkipHead(string lane)
    {
        if (Lane(lane) is not [{ Ticket: null } head, ..]) return false;
        Finish(head, JobState.Failed);
        return true;
    }

    public int DropLane(string lane)
    {
        ModelJob[] dropped = [.. Lane(lane).Where(job => job.Ticket is null)];
        foreach (var job in dropped) Finish(job, JobState.Failed);
        return dropped.Length;
    }

    public bool Remove(string id)
    {
        if (!Jobs.TryGetValue(id, out var job) || job.Ticket is not null) return false;
        Lane(job.Lane).Remove(job);
        _removed.Add(id);
        return Jobs.Remove(id);
    }

    public bool Promote(string id, DateTimeOffset now)
    {
        if (!Jobs.TryGetValue(id, out var job) || State(job, now) != JobState.Delayed) return false;
        job.NotBefore = now;
        return true;
    }

    public void LoseOwners(DateTimeOffset now)
    {
        foreach (var job in Jobs.Values.Where(job => job.Ticket is not null)) GiveBack(job, now);
    }

    public JobState State(ModelJob job, DateTimeOffset now) =>
        job.Finished
        ?? (job.Ticket is not null ? JobState.Active
            : job.NotBefore > now ? JobState.Delayed
            : Paused.Contains(job.Queue) ? JobState.Paused : JobState.Waiting);

    private List<ModelJob> Lane(string name) => _lanes.TryGetValue(name, out var lane) ? lane : _lanes[name] = [];
}

internal sealed class ModelJob(JobRequest request)
{
    public string Id { get; } = request.Id;

    public string Queue { get; } = request.Queue;

    public string Lane { get; } = request.Lane;

    public JobPolicy Policy { get; } = request.Policy;

    public JobClass Class { get; } = request.Class;

    public int Attempts { get; set; }

    public int Runs { get; set; }

    public DateTimeOffset NotBefore { get; set; }

    public DateTimeOffset? FirstStarted { get; set; }

    public JobTicket? Ticket { get; set; }

    public DateTimeOffset LeaseEnd { get; set; }

    public JobState? Finished { get; set; }
}
