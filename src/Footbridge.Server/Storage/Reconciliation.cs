using Footbridge.Jobs;

namespace Footbridge.Server.Storage;

/// <summary>A message in Chatwoot that has no delivery, found by the last comparison.</summary>
/// <param name="JobId">The job its delivery will have.</param>
internal sealed record UnmatchedMessage(long Conversation, long CwId, DateTimeOffset CreatedAt, string JobId);

/// <summary>The last comparison of an app with its Chatwoot.</summary>
/// <param name="Error">Why it did not get through, or null.</param>
internal sealed record PassResult(DateTimeOffset At, int Conversations, int Messages, int Found, string? Error)
{
    /// <summary>Messages without a delivery that were written a moment before: their callbacks may have come since.</summary>
    public IReadOnlyList<UnmatchedMessage> Unmatched { get; init; } = [];
}

/// <summary>One direction's account over a period.</summary>
/// <param name="Missing">Deliveries the broker does not know, and messages of Chatwoot without a delivery; 0 when all is well.</param>
/// <param name="Problems">Those that are not delivered and not simply on their way, at most <see cref="Reconciliation.MaxListed"/>.</param>
internal sealed record DirectionAccount(long Received, long Delivered, long Dropped, long Pending, long Quarantined, long Missing)
{
    public IReadOnlyList<DeliveryRow> Problems { get; init; } = [];

    /// <summary>The oldest of what is on its way, at most <see cref="Reconciliation.MaxListed"/>.</summary>
    public IReadOnlyList<DeliveryRow> Waiting { get; init; } = [];

    public IReadOnlyList<string> MissingJobs { get; init; } = [];

    public IReadOnlyList<UnmatchedMessage> MissingMessages { get; init; } = [];
}

internal sealed record ReconciliationReport(
    string App, DateTimeOffset From, DateTimeOffset To, DirectionAccount ToChatwoot, DirectionAccount ToWhatsApp, PassResult? LastPass);

/// <summary>Received, delivered, pending, quarantined, missing: what became of everything, per app and direction.</summary>
internal sealed class Reconciliation(Deliveries deliveries, IJobStore store, LastPasses passes, TimeProvider time)
{
    public const int MaxListed = 200;
    private const int PageSize = 500;

    /// <summary>How long a delivery may take from the ledger into the broker.</summary>
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(5);

    public async Task<ReconciliationReport> ReportAsync(string app, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var pending = new Dictionary<DeliveryDirection, Open> { [DeliveryDirection.ToChatwoot] = new(), [DeliveryDirection.ToWhatsApp] = new() };
        await CountPendingAsync(app, from, to, pending, ct);
        var pass = passes.Of(app);
        return new(app, from, to, Account(DeliveryDirection.ToChatwoot, []), Account(DeliveryDirection.ToWhatsApp, [.. (pass?.Unmatched ?? []).Where(message => deliveries.Find(message.JobId) is null)]), pass);

        DirectionAccount Account(DeliveryDirection direction, IReadOnlyList<UnmatchedMessage> unmatched)
        {
            var (received, troubled, open) = (deliveries.CountReceived(app, direction, from, to), deliveries.CountTroubled(app, direction, from, to), pending[direction]);
            var (dropped, quarantined) = (troubled.GetValueOrDefault(DeliveryState.Dropped), troubled.GetValueOrDefault(DeliveryState.Quarantined));
            return new(received, Math.Max(0, received - dropped - quarantined - open.Count), dropped, open.Count, quarantined, open.Missing + unmatched.Count)
            {
                Problems = deliveries.Troubled(app, direction, from, to, MaxListed),
                Waiting = [.. open.Oldest.OrderBy(row => row.Seq)],
                MissingJobs = open.MissingJobs,
                MissingMessages = unmatched,
            };
        }
    }

    /// <summary>Goes through what is pending page by page, so that an outage of days does not have to fit in memory.</summary>
    private async Task CountPendingAsync(string app, DateTimeOffset from, DateTimeOffset to, Dictionary<DeliveryDirection, Open> counts, CancellationToken ct)
    {
        var (after, now) = (("", 0L), time.GetUtcNow());
        while (deliveries.Pending(after, PageSize) is { Count: > 0 } page)
        {
            after = (page[^1].Lane, page[^1].Seq);
            var ours = page.Where(row => row.App == app && row.ReceivedAt >= from && row.ReceivedAt < to).ToList();
            if (ours.Count == 0) continue;
            var standings = await store.StandingAsync([.. ours.Select(row => row.JobId)], ct);
            for (var i = 0; i < ours.Count; i++) counts[ours[i].Direction].Add(ours[i], standings[i] == JobStanding.Unknown && now - ours[i].ReceivedAt > OnItsWay);
        }
    }

    private sealed class Open
    {
        public long Count { get; private set; }

        public long Missing { get; private set; }

        public PriorityQueue<DeliveryRow, long> Newest { get; } = new();

        public List<string> MissingJobs { get; } = [];

        public IEnumerable<DeliveryRow> Oldest => Newest.UnorderedItems.Select(item => item.Element);

        public void Add(DeliveryRow row, bool isMissing)
        {
            Count++;
            Newest.Enqueue(row, -row.Seq);
            if (Newest.Count > MaxListed) Newest.Dequeue();
            if (!isMissing) return;
            Missing++;
            if (MissingJobs.Count < MaxListed) MissingJobs.Add(row.JobId);
        }
    }
}

/// <summary>The last comparison of each app with its Chatwoot; in memory, as the next one is at most minutes away.</summary>
internal sealed class LastPasses
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, PassResult> _passes = new(StringComparer.Ordinal);

    public PassResult? Of(string app) => _passes.GetValueOrDefault(app);

    public void Keep(string app, PassResult pass) => _passes[app] = pass;

    public void Forget(string app) => _passes.TryRemove(app, out _);
}
