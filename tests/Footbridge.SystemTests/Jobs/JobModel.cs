using Footbridge.Jobs;

namespace Footbridge.SystemTests.Jobs;

/// <summary>The rules of lanes in the plainest form: lists in memory. Slow, and easy to be sure of.</summary>
internal sealed class JobModel
{
    private readonly Dictionary<string, List<ModelJob>> _lanes = [];
    private readonly HashSet<string> _removed = [];

    public Dictionary<string, ModelJob> Jobs { get; } = [];

    public HashSet<string> Paused { get; } = [];

    public bool Enqueue(JobRequest request, DateTimeOffset now)
    {
        if (Jobs.ContainsKey(request.Id) || _removed.Contains(request.Id)) return false;
        var job = new ModelJob(request.Id, request.Queue, request.Lane, request.Policy) { NotBefore = now + (request.Delay ?? TimeSpan.Zero) };
        Jobs.Add(job.Id, job);
        Lane(job.Lane).Add(job);
        return true;
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
        (job.Ticket, job.LeaseEnd, job.Attempts) = (ticket, now + lease, job.Attempts + 1);
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

internal sealed class ModelJob(string id, string queue, string lane, JobPolicy policy)
{
    public string Id { get; } = id;

    public string Queue { get; } = queue;

    public string Lane { get; } = lane;

    public JobPolicy Policy { get; } = policy;

    public int Attempts { get; set; }

    public DateTimeOffset NotBefore { get; set; }

    public DateTimeOffset? FirstStarted { get; set; }

    public JobTicket? Ticket { get; set; }

    public DateTimeOffset LeaseEnd { get; set; }

    public JobState? Finished { get; set; }
}
