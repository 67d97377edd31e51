using System.Threading.Channels;
using Footbridge.Jobs;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Sessions;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Storage;

/// <summary>One public event on its way to whoever must see it.</summary>
internal readonly record struct LedgerEntry(string Id, byte[] Event);

/// <summary>Everything accepted from either side, durable before it is acknowledged, and its pump into the broker.</summary>
/// <remarks>
/// An event is durable from the transaction that gave rise to it; the pump turns it into deliveries, one for each job, and hands
/// those to the broker. A callback becomes its delivery at once. A broker that is away holds up the pump and nothing else: callbacks
/// and events are accepted all the same.
/// </remarks>
internal sealed class Ledger(
    SqliteDatabase database, LaneFeed feed, LaneTails tails, IEnumerable<IEventConsumer> consumers, LiveEvents live, TimeProvider time, ILogger<Ledger> logger) : IAsyncDisposable
{
    private const int PageSize = 500;
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly IEventConsumer[] _consumers = [.. consumers];
    private readonly CancellationTokenSource _stop = new();
    private Task _pump = Task.CompletedTask;
    private Task _writing = Task.CompletedTask;
    private long _moved;
    private long _told;
    private long _leftByEarlierRun;
    private long _fed;
    private bool _isAwayTold;
    private int _disposed;

    /// <summary>Writes an entry inside the caller's transaction; call <see cref="Wake"/> after its commit.</summary>
    public static void Append(SqliteConnection connection, LedgerEntry entry) =>
        connection.Execute("INSERT INTO ledger(id, event) VALUES(?1, ?2) ON CONFLICT DO NOTHING", entry.Id, entry.Event);

    public async Task AppendAsync(LedgerEntry entry, CancellationToken ct)
    {
        await database.WriteAsync(connection => Append(connection, entry), ct);
        Wake();
    }

    /// <summary>Takes a delivery on, durably when the task completes; one that is known already changes nothing.</summary>
    public async Task AcceptAsync(Delivery delivery, CancellationToken ct)
    {
        var now = Now();
        if (await database.WriteAsync(connection => DeliveryTable.Insert(connection, delivery, now, null), ct)) Wake();
    }

    /// <summary>Keeps account of a delivery that is not made, and takes on the note that says so.</summary>
    public async Task RefuseAsync(Delivery delivery, string reason, Delivery note, CancellationToken ct)
    {
        var now = Now();
        await database.WriteAsync(
            connection =>
            {
                if (!DeliveryTable.Insert(connection, delivery, now, null)) return;
                DeliveryTable.Settle(connection, new(delivery.Job.Id, DeliveryState.Quarantined, 0, reason, null, null), now);
                DeliveryTable.Insert(connection, note, now, null);
            },
            ct);
        Wake();
    }

    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Begins to move what is there; deliveries of an earlier run of the process are the reconciler's.</summary>
    public void Start()
    {
        tails.Load();
        _fed = PendingJobs.LastSeq(database);
        _leftByEarlierRun = database.Read(c => c.QueryFirst<long?>("SELECT MAX(seq) FROM ledger", row => row.IsDBNull(0) ? null : row.GetInt64(0))) ?? 0;
        Wake();
        _pump = PumpAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        await _stop.CancelAsync();
        await _pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task PumpAsync(CancellationToken ct)
    {
        await foreach (var _ in _wake.Reader.ReadAllAsync(ct))
        {
            try
            {
                if (_isAwayTold) TellListeners();
                while (await MoveAcceptedAsync(ct) | await MoveEventsAsync(ct))
                {
                    // A page was moved: there may be more.
                }

                _isAwayTold = false;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Tell(e);
                await Task.Delay(TryAgainAfter, time, ct);
                Wake();
            }
        }
    }

    /// <summary>A broker that is away is told of once; its own log says the rest.</summary>
    private void Tell(Exception error)
    {
        if (error is not BrokerUnavailableException) logger.PumpFailed(error);
        else if (!_isAwayTold) logger.BrokerAway(error.Message);
        _isAwayTold = error is BrokerUnavailableException;
    }

    /// <summary>Hands over deliveries that were accepted by themselves; false when there was none.</summary>
    private async Task<bool> MoveAcceptedAsync(CancellationToken ct)
    {
        // First how far to look: events' deliveries lie in between, and must not be gone through each time.
        var last = PendingJobs.LastSeq(database);
        if (last == _fed) return false;
        var page = PendingJobs.Accepted(database, _fed, last, PageSize);
        await feed.FeedAsync([.. page.Select(row => row.Job)], Task.CompletedTask, ct);
        _fed = page.Count == 0 ? last : page[^1].Seq;
        if (page.Count == 0) return false;
        var (now, earlier) = (Now(), _writing);
        _writing = database.WriteAsync(connection => MarkQueued(connection, page, now), CancellationToken.None);
        await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // a mark that is missing costs a look at most
        return true;
    }

    /// <summary>Turns events into deliveries and hands those over; false when there was none.</summary>
    private async Task<bool> MoveEventsAsync(CancellationToken ct)
    {
        var rows = Events(_moved);
        if (rows.Count == 0) return false;
        TellListeners(rows);
        var deliveries = rows.SelectMany(row => DeliveriesOf(row.Seq, row.Event)).ToList();
        var last = rows[^1].Seq;
        var now = Now();
        // In one write, and not waited for: the writer keeps its order, so whatever is said of a delivery later comes later. A crash in
        // between reads the events again, which the jobs' ids make harmless.
        var written = database.WriteAsync(
            connection =>
            {
                foreach (var delivery in deliveries) DeliveryTable.Insert(connection, delivery, now, now);
                connection.Execute("DELETE FROM ledger WHERE seq <= ?1", last);
            },
            CancellationToken.None);
        try
        {
            await feed.FeedAsync([.. deliveries.Select(delivery => delivery.Job)], written, ct);
        }
        catch
        {
            await written;
            _moved = last;
            await TakeBackAsync(deliveries);
            throw;
        }

        await written;
        _moved = last;
        return true;
    }

    private List<(long Seq, PublicEvent Event)> Events(long after) => database.Read(connection =>
    {
        var sizes = connection.Query("SELECT seq, length(event) FROM ledger WHERE seq > ?1 ORDER BY seq LIMIT ?2", PendingJobs.Size, after, PageSize);
        return sizes.Count == 0 ? [] : connection.Query(
            "SELECT seq, event FROM ledger WHERE seq > ?1 AND seq <= ?2 ORDER BY seq", row => (row.GetInt64(0), PublicEvent.Read(row.GetFieldValue<byte[]>(1))), after, PendingJobs.Last(sizes));
    });

    /// <summary>Tells those who listen, once: events are read again when a write has failed.</summary>
    private void TellListeners(List<(long Seq, PublicEvent Event)> rows)
    {
        foreach (var (seq, publicEvent) in rows.SkipWhile(row => row.Seq <= _told))
        {
            _told = seq;
            live.Publish(publicEvent);
        }
    }

    /// <summary>Those who listen do not wait for a broker that is away.</summary>
    private void TellListeners()
    {
        while (Events(Math.Max(_told, _moved)) is { Count: > 0 } rows) TellListeners(rows);
    }

    private IEnumerable<Delivery> DeliveriesOf(long seq, PublicEvent publicEvent)
    {
        foreach (var delivery in _consumers.SelectMany(consumer => consumer.DeliveriesFor(publicEvent)))
        {
            // The process may have ended between the broker's word and ours.
            yield return seq > _leftByEarlierRun ? delivery : delivery with { Job = delivery.Job with { EarlierRuns = 1 } };
        }
    }

    /// <summary>The broker did not take them: they are handed over again, from the ledger, before anything that comes after them.</summary>
    private async Task TakeBackAsync(List<Delivery> deliveries)
    {
        var first = await database.WriteAsync(
            connection => deliveries.Select(delivery => connection.QueryFirst<long?>(
                "UPDATE deliveries SET queued = NULL WHERE job = ?1 AND state = 0 RETURNING seq", row => row.GetInt64(0), delivery.Job.Id)).Min(),
            CancellationToken.None);
        if (first is { } seq) _fed = Math.Min(_fed, seq - 1);
    }

    private static void MarkQueued(SqliteConnection connection, IReadOnlyList<PendingJob> page, long now)
    {
        foreach (var row in page) connection.Execute("UPDATE deliveries SET queued = ?2 WHERE seq = ?1", row.Seq, now);
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
