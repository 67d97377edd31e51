using System.Globalization;

namespace Footbridge.Jobs;

/// <summary>A job to enqueue.</summary>
/// <param name="Id">Chosen by the producer; the dedupe key: enqueueing a known id again is a success that changes nothing.</param>
/// <param name="Queue">What kind of work, a label for people, policies and pausing.</param>
/// <param name="Lane">The ordering key: jobs of one lane run one at a time, in the order they were enqueued, whatever their queue.</param>
/// <param name="Payload">Opaque to the broker, at most <see cref="MaxPayloadBytes"/>.</param>
/// <param name="Delay">How long the job must not start for; its lane waits with it.</param>
public sealed record JobRequest(string Id, string Queue, string Lane, ReadOnlyMemory<byte> Payload, JobPolicy Policy, TimeSpan? Delay = null)
{
    public const int MaxPayloadBytes = 16 * 1024 * 1024;

    /// <summary>Longest id, queue or lane, in characters; none of them may hold a control character.</summary>
    public const int MaxNameLength = 512;

    public JobClass Class { get; init; }

    /// <summary>The job this lane got before and that the producer knows to be unsettled; null when there is none.</summary>
    /// <remarks>A store that knows it neither as a job nor as a deleted one has lost its memory and refuses with <see cref="JobEnqueued.Gap"/>.</remarks>
    public string? After { get; init; }

    /// <summary>Runs the job may have had in a broker that has forgotten it; <see cref="ClaimedJob.Runs"/> counts on from here.</summary>
    public int EarlierRuns { get; init; }

    /// <exception cref="ArgumentException">A name, the payload or the policy is out of bounds.</exception>
    internal void Check()
    {
        CheckName(Id, "id");
        CheckName(Queue, "queue");
        CheckName(Lane, "lane");
        if (Payload.Length > MaxPayloadBytes) throw new ArgumentException("the payload of a job is too large");
        if (Policy.Attempts < 1) throw new ArgumentException("a job needs at least one attempt");
        if (EarlierRuns < 0) throw new ArgumentException("a job cannot have run less than never");
    }

    internal static void CheckName(string name, string what)
    {
        if (name.Length is 0 or > MaxNameLength || name.AsSpan().IndexOfAnyInRange('\0', '\u001f') >= 0)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"a job's {what} must have 1 to {MaxNameLength} characters, none of them a control character"));
        }
    }
}
