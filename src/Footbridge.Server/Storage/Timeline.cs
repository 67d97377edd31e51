using Footbridge.Engine.Events;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;

namespace Footbridge.Server.Storage;

/// <summary>One step of a message on its way.</summary>
/// <param name="Stage">One of the constants of <see cref="Timeline"/>.</param>
/// <param name="Attempt">Which try it belongs to, if any.</param>
/// <param name="Text">The decision, or the reason.</param>
internal sealed record TimelineHop(DateTimeOffset At, string Stage, int? Attempt, string? Text, string JobId, string Queue);

/// <summary>What is known about one message, in the order of time.</summary>
/// <param name="State">How its own delivery stands.</param>
/// <param name="Jobs">Every job that carried it or told of it, in order.</param>
internal sealed record MessageTimeline(
    string App, DeliveryDirection Direction, DeliveryState State, string? Chat, long? Conversation, string? WaId, long? CwId, IReadOnlyList<DeliveryRow> Jobs, IReadOnlyList<TimelineHop> Hops);

/// <summary>The hops of a message, from the ledger, the broker and the map.</summary>
internal sealed class Timeline(Deliveries deliveries, IJobMonitor monitor, MessageMap map)
{
    /// <summary>It came in, and was durable from then on.</summary>
    public const string Received = "received";

    /// <summary>Its job was handed to the broker.</summary>
    public const string Queued = "queued";

    /// <summary>A worker took it.</summary>
    public const string Started = "started";

    /// <summary>A try failed, with the reason.</summary>
    public const string AttemptFailed = "attempt failed";

    /// <summary>The other side is away or asks to wait; no try is used up.</summary>
    public const string Waiting = "waiting";

    /// <summary>The broker had forgotten the job, and it was enqueued again.</summary>
    public const string Requeued = "enqueued again";

    /// <summary>An operator did something about it.</summary>
    public const string Operator = "operator";

    public const string Delivered = "delivered";

    public const string Dropped = "dropped";

    public const string Quarantined = "quarantined";

    /// <summary>How far WhatsApp says an agent's message has come, as far as Chatwoot was told.</summary>
    public const string Acknowledged = "acknowledged";

    private const int MaxJobs = 200;

    /// <summary>By WhatsApp id, by Chatwoot id (a plain number or <c>app/conversation/message</c>), or by job id; null when nothing is known.</summary>
    public Task<MessageTimeline?> FindAsync(string id, CancellationToken ct) => FindAsync(null, id, ct);

    /// <inheritdoc cref="FindAsync(string, CancellationToken)"/>
    /// <param name="app">Only this app's, or null for all.</param>
    public async Task<MessageTimeline?> FindAsync(string? app, string id, CancellationToken ct)
    {
        var jobs = deliveries.OfMessage(app, id.Trim(), MaxJobs);
        if (jobs.Count == 0) return null;
        // The message itself, and not what tells of it; a retry stands for it once it is there.
        var main = jobs.LastOrDefault(job => job.Queue is Queues.MessageAny or Queues.MessageCreated or Queues.MessageUpdated or Queues.Commands) ?? jobs[0];
        var hops = new List<TimelineHop>();
        foreach (var job in jobs) hops.AddRange(await HopsAsync(job, ct));
        var mapped = main.WaId is null ? null : map.ByWhatsApp(main.App, main.WaId);
        if (Ack(main, mapped) is { } acked) hops.Add(acked);
        return new(
            main.App, main.Direction, main.State, main.Chat, main.Conversation ?? mapped?.Conversation, main.WaId, main.CwId ?? mapped?.CwId, jobs, [.. hops.OrderBy(hop => hop.At)]);
    }

    private async Task<List<TimelineHop>> HopsAsync(DeliveryRow row, CancellationToken ct)
    {
        var hops = new List<TimelineHop> { Hop(row.ReceivedAt, Received, null, "stored in the ledger") };
        var broker = await FindJobAsync(row.JobId, ct);
        if ((row.QueuedAt ?? broker?.Summary.Created) is { } queued) hops.Add(Hop(queued, Queued, null, row.Lane));
        if (row.State == DeliveryState.Pending && broker?.Summary is { Started: { } started } running)
        {
            hops.Add(Hop(started, Started, running.Attempts, null));
        }

        hops.AddRange(deliveries.HopsOf(row.JobId).Select(hop => Hop(hop.At, hop.Kind, hop.Attempt, hop.Text)));
        if (row.SettledAt is { } settled) hops.Add(Hop(settled, StageOf(row.State), row.Attempts > 0 ? row.Attempts : null, row.Reason));
        return hops;

        TimelineHop Hop(DateTimeOffset at, string stage, int? attempt, string? text) => new(at, stage, attempt, text, row.JobId, row.Queue);
    }

    private async Task<JobDetails?> FindJobAsync(string id, CancellationToken ct)
    {
        try
        {
            return await monitor.JobAsync(id, ct);
        }
        catch (BrokerUnavailableException)
        {
            return null; // the ledger's own account does without it
        }
    }

    /// <summary>What the map knows beyond the jobs of receipts, which are kept for a while only.</summary>
    private static TimelineHop? Ack(DeliveryRow main, MappedMessage? mapped)
    {
        if (main is not { Direction: DeliveryDirection.ToWhatsApp, SettledAt: { } settled }) return null;
        if (mapped is not { Ack: > 0 and < MessageMap.NoStatus }) return null;
        return new(settled, Acknowledged, null, $"as far as Chatwoot was told: {AckPayloads.NameOf((AckLevel)mapped.Ack)}", main.JobId, main.Queue);
    }

    private static string StageOf(DeliveryState state) => state switch
    {
        DeliveryState.Delivered => Delivered,
        DeliveryState.Dropped => Dropped,
        _ => Quarantined,
    };
}
