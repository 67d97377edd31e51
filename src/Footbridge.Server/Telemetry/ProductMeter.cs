using System.Diagnostics.Metrics;
using Footbridge.Jobs;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Telemetry;

/// <summary>The state of things at the moment a collector asks: of the broker, and in the process that has them, of the ledger and the sessions.</summary>
/// <remarks>Collectors ask without waiting, so the slow part is read before, by <see cref="RefreshAsync"/>.</remarks>
internal sealed class ProductMeter : IDisposable
{
    public const string Name = "Footbridge";

    private readonly Meter _meter = new(Name);
    private readonly IJobMonitor _monitor;
    private readonly Deliveries? _deliveries;
    private readonly TimeProvider _time;
    private volatile IReadOnlyList<QueueStatus> _queues = [];
    private volatile IReadOnlyList<PendingDeliveries> _pending = [];

    public ProductMeter(IServiceProvider services)
    {
        (_monitor, _time) = (services.GetRequiredService<IJobMonitor>(), services.GetRequiredService<TimeProvider>());
        _meter.CreateObservableGauge("footbridge.jobs", () => _queues.SelectMany(Counts), "{job}", "Jobs by queue and state");
        _meter.CreateObservableGauge("footbridge.job.oldest_waiting", () => _queues.Select(Oldest), "s", "How long the oldest job that could run has waited");
        _meter.CreateObservableGauge("footbridge.queue.paused", () => _queues.Select(Paused), "{queue}", "1 for a queue that is held, else 0");
        _deliveries = services.GetService<Deliveries>();
        if (_deliveries is null) return;
        var sessions = services.GetRequiredService<SessionRegistry>();
        _meter.CreateObservableGauge("footbridge.ledger.pending", () => _pending.Select(all => new Measurement<long>(all.Count, Direction(all))), "{delivery}", "Deliveries that are not settled");
        _meter.CreateObservableGauge("footbridge.ledger.lag", () => _pending.Select(Lag), "s", "How long the oldest delivery that is not settled has waited");
        _meter.CreateObservableGauge(
            "footbridge.sessions", () => sessions.Running.GroupBy(session => session.Status).Select(group => new Measurement<long>(group.Count(), Tag("status", group.Key))), "{session}", "Sessions by status");
    }

    public async Task RefreshAsync(CancellationToken ct)
    {
        _queues = await _monitor.QueuesAsync(ct);
        if (_deliveries is not null) _pending = _deliveries.CountPending();
    }

    public void Dispose() => _meter.Dispose();

    // A state without jobs is told as zero: an alert needs to see it end.
    private static IEnumerable<Measurement<long>> Counts(QueueStatus queue) => Enum.GetValues<JobState>().Select(
        state => new Measurement<long>(queue.Counts.GetValueOrDefault(state), Tag("queue", queue.Queue), Tag("state", state.ToString().ToLowerInvariant())));

    private static Measurement<double> Oldest(QueueStatus queue) => new(queue.OldestWaiting?.TotalSeconds ?? 0, Tag("queue", queue.Queue));

    private static Measurement<long> Paused(QueueStatus queue) => new(queue.IsPaused ? 1 : 0, Tag("queue", queue.Queue));

    private Measurement<double> Lag(PendingDeliveries all) => new(all.Oldest is { } oldest ? Math.Max(0, (_time.GetUtcNow() - oldest).TotalSeconds) : 0, Direction(all));

    private static KeyValuePair<string, object?> Direction(PendingDeliveries all) => Tag("direction", all.Direction switch
    {
        DeliveryDirection.ToChatwoot => "to_chatwoot",
        DeliveryDirection.ToWhatsApp => "to_whatsapp",
        _ => "to_webhook",
    });

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
