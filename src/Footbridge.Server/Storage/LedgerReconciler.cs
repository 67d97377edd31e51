using System.Threading.Channels;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot;

namespace Footbridge.Server.Storage;

/// <summary>Compares what is pending in the ledger with the broker: settles what a crash kept from being settled, and enqueues again what the broker does not know.</summary>
/// <remarks>At start, every minute for what is not quite new, and at once when the broker has turned out to have forgotten something.</remarks>
internal sealed class LedgerReconciler(
    Deliveries deliveries, IJobStore store, IJobMonitor monitor, LaneFeed feed, Settlements settlements, MessageMap map, TimeProvider time, ILogger<LedgerReconciler> logger)
    : IAsyncDisposable
{
    private const int PageSize = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>What is younger is most likely just on its way.</summary>
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(30);

    private readonly Channel<TimeSpan> _asked = Channel.CreateBounded<TimeSpan>(new BoundedChannelOptions(2) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private ITimer? _timer;
    private Task _running = Task.CompletedTask;
    private int _disposed;

    public void Start()
    {
        feed.Forgotten += Ask;
        Ask();
        _timer = time.CreateTimer(_ => _asked.Writer.TryWrite(Young), null, Interval, Interval);
        _running = RunAsync(_stop.Token);
    }

    /// <summary>One comparison; gives the number of lanes that were enqueued again.</summary>
    /// <param name="age">Younger deliveries are left alone.</param>
    public async Task<int> PassAsync(TimeSpan age, CancellationToken ct)
    {
        if (!deliveries.AnyPending()) return 0;
        var (after, replayed, last) = (("", 0L), 0, "");
        while (deliveries.Pending(after, PageSize) is { Count: > 0 } page)
        {
            after = (page[^1].Lane, page[^1].Seq);
            var rows = page.Where(row => time.GetUtcNow() - row.ReceivedAt >= age).ToList();
            if (rows.Count == 0) continue;
            var standings = await store.StandingAsync([.. rows.Select(row => row.JobId)], ct);
            for (var i = 0; i < rows.Count; i++)
            {
                if (standings[i] != JobStanding.Unknown)
                {
                    await SettleAsync(rows[i], standings[i], ct);
                }
                else if (rows[i].Lane != last)
                {
                    last = rows[i].Lane;
                    await feed.ReplayAsync(last, ct);
                    replayed++;
                }
            }
        }

        return replayed;
    }

    private void Ask() => _asked.Writer.TryWrite(TimeSpan.Zero);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        feed.Forgotten -= Ask;
        await _stop.CancelAsync();
        if (_timer is not null) await _timer.DisposeAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken ct)
    {
        await foreach (var age in _asked.Reader.ReadAllAsync(ct))
        {
            try
            {
                var lanes = await PassAsync(age, ct);
                if (lanes > 0) logger.LanesEnqueuedAgain(lanes);
            }
            catch (BrokerUnavailableException)
            {
                // The pump has said so; the next turn comes within a minute.
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.ReconcileFailed(e);
            }
        }
    }

    private async Task SettleAsync(DeliveryRow row, JobStanding standing, CancellationToken ct)
    {
        switch (standing)
        {
            case JobStanding.Completed:
                settlements.End(new(row.JobId, DeliveryState.Delivered, row.Attempts, "done; the word of it was cut off by a crash", null, null) { Lane = row.Lane });
                break;
            case JobStanding.Failed:
                var error = (await monitor.JobAsync(row.JobId, ct))?.Summary.Error;
                settlements.End(new(row.JobId, DeliveryState.Quarantined, row.Attempts, error ?? "failed in the broker", null, null));
                break;
            case JobStanding.Deleted:
                settlements.End(IsMapped(row)
                    ? new(row.JobId, DeliveryState.Delivered, row.Attempts, "done; its job is deleted already", null, null)
                    : new(row.JobId, DeliveryState.Dropped, row.Attempts, "its job was removed from the broker", null, null));
                break;
        }
    }

    private bool IsMapped(DeliveryRow row) =>
        row.Queue is Queues.MessageAny or Queues.MessageCreated && row.WaId is { } waId && map.ByWhatsApp(row.App, waId) is { Ack: >= 0 };
}
