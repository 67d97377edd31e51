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
}
