namespace Footbridge.Jobs;

/// <summary>The right to settle one run of one job. A ticket of an earlier run (lease lost, job taken by another) changes nothing.</summary>
/// <param name="Id">The job.</param>
/// <param name="FencingToken">Grows with every claim in the store; never given out twice.</param>
public readonly record struct JobTicket(string Id, long FencingToken);

/// <summary>A job taken by a worker.</summary>
public sealed record ClaimedJob
{
    public required string Id { get; init; }

    public required string Queue { get; init; }

    public required string Lane { get; init; }

    public required ReadOnlyMemory<byte> Payload { get; init; }

    public required JobPolicy Policy { get; init; }

    /// <summary>This try's number, from 1. Runs that were interrupted or told to wait do not count.</summary>
    public required int Attempt { get; init; }

    public int AttemptsAllowed => Policy.Attempts;

    /// <summary>How often the job was started in all, this run and interrupted ones included; more than 1: an earlier run may have had its effect.</summary>
    public required int Runs { get; init; }

    public required JobClass Class { get; init; }

    public required long FencingToken { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>When the first try began; <see cref="JobPolicy.RetryAfterLimit"/> counts from here.</summary>
    public required DateTimeOffset FirstStarted { get; init; }

    public JobTicket Ticket => new(Id, FencingToken);
}

/// <summary>Asks to take the next job in the same trip that settles one.</summary>
/// <param name="Owner">Who takes it, for people reading the board.</param>
/// <param name="Lease">How long the claim holds without a renewal.</param>
/// <param name="Bulk">Whether it may be a bulk job, when no live one is ready.</param>
public readonly record struct NextClaim(string Owner, TimeSpan Lease, bool Bulk = true);

/// <summary>What came of completing a job.</summary>
/// <param name="Accepted">False: the ticket was no longer the current one and nothing was changed.</param>
/// <param name="Next">The job taken in the same trip, when asked for and when there was one.</param>
public readonly record struct JobCompletion(bool Accepted, ClaimedJob? Next);
