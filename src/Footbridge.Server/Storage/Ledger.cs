using System.Threading.Channels;
using Footbridge.Jobs;
using Footbridge.Jobs.Sqlite;
using Footbridge.Server.Sessions;
using Microsoft.Data.Sqlite;

namespace Footbridge.Server.Storage;

/// <summary>One public event on its way to whoever must see it.</summary>
internal readonly record struct LedgerEntry(string Id, byte[] Event);

/// <summary>Every public event, durable from the transaction that gave rise to it until its jobs are in the broker, durably too.</summary>
/// <remarks>
/// The pump moves rows in order and deletes them once their jobs are durable, without waiting for the deletion; a crash between the
/// two enqueues again, which the jobs' ids make harmless.
/// </remarks>
internal sealed class Ledger(SqliteDatabase database, JobQueue queue, IEnumerable<IEventConsumer> consumers, ILogger<Ledger> logger) : IAsyncDisposable
{
    private const int PageSize = 500;
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly IEventConsumer[] _consumers = [.. consumers];
    private readonly CancellationTokenSource _stop = new();
    private Task _pump = Task.CompletedTask;
    private Task _deleting = Task.CompletedTask;
    private long _moved;
    private int _disposed;

    /// <summary>Writes an entry inside the caller's transaction; call <see cref="Wake"/> after its commit.</summary>
    public static void Append(SqliteConnection connection, LedgerEntry entry) =>
        connection.Execute("INSERT INTO ledger(id, event) VALUES(?1, ?2) ON CONFLICT DO NOTHING", entry.Id, entry.Event);

    public async Task AppendAsync(LedgerEntry entry, CancellationToken ct)
    {
        await database.WriteAsync(connection => Append(connection, entry), ct);
        Wake();
    }

    public void Wake() => _wake.Writer.TryWrite(true);

    public void Start()
    {
        Wake();
        _pump = PumpAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        await _stop.CancelAsync();
        await _pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _deleting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task PumpAsync(CancellationToken ct)
    {
        await foreach (var _ in _wake.Reader.ReadAllAsync(ct))
        {
            try
            {
                while (await MoveAsync(ct) == PageSize)
                {
                    // A full page: there may be more.
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.PumpFailed(e);
                await Task.Delay(TryAgainAfter, TimeProvider.System, ct);
                Wake();
            }
        }
    }

    private async Task<int> MoveAsync(CancellationToken ct)
    {
        var rows = database.Read(connection => connection.Query(
            "SELECT seq, event FROM ledger WHERE seq > ?1 ORDER BY seq LIMIT ?2", row => (Seq: row.GetInt64(0), Event: row.GetFieldValue<byte[]>(1)), _moved, PageSize));
        if (rows.Count == 0) return 0;
        var jobs = rows.Select(row => PublicEvent.Read(row.Event)).SelectMany(e => _consumers.SelectMany(consumer => consumer.JobsFor(e))).ToList();
        if (jobs.Count > 0) await queue.EnqueueManyAsync(jobs, ct);
        var (seq, earlier) = (rows[^1].Seq, _deleting);
        _moved = seq;
        _deleting = database.WriteAsync(connection => connection.Execute("DELETE FROM ledger WHERE seq <= ?1", seq), CancellationToken.None);
        await earlier; // a deletion that failed is made good by this one
        return rows.Count;
    }
}
