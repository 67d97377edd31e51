using System.Collections.Concurrent;
using System.Threading.Channels;
using Footbridge.Jobs;
using Footbridge.Server.Config;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.Reconcile;

/// <summary>Compares every app's inbox with the ledger, again and again: Chatwoot calls back once, and what it could not tell then nobody would hear of.</summary>
/// <remarks>At start, and at each interval for apps with something going on; apps at rest have every fifth turn.</remarks>
internal sealed class ChatwootReconciler(
    AppRegistry registry, ChatwootApps apps, PassState state, FoundMessages found, LostMessages lost, Deliveries deliveries, LastPasses passes, Settings settings, TimeProvider time,
    ILogger<ChatwootReconciler> logger) : IAsyncDisposable
{
    private const int RestingTurns = 5;
    private const int AtOnce = 4;
    private static readonly TimeSpan Busy = TimeSpan.FromHours(1);
    private readonly Channel<bool> _turns = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<string, int> _rested = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private ITimer? _timer;
    private Task _running = Task.CompletedTask;
    private int _disposed;

    public void Start()
    {
        if (settings.ReconcileInterval <= TimeSpan.Zero) return;
        _turns.Writer.TryWrite(true);
        _timer = time.CreateTimer(_ => _turns.Writer.TryWrite(true), null, settings.ReconcileInterval, settings.ReconcileInterval);
        _running = RunAsync(_stop.Token);
    }

    /// <summary>Compares one app now; what goes wrong stands in the result.</summary>
    public async Task<PassResult> PassAsync(string app, CancellationToken ct)
    {
        PassResult result;
        try
        {
            result = await new ReconcilePass(await apps.OpenAsync(app, JobClass.Bulk, ct), state, found, lost, time).RunAsync(ct);
        }
        catch (Exception e) when (e is ChatwootAwayException or ChatwootException or AppGoneException)
        {
            result = new(time.GetUtcNow(), 0, 0, 0, e.Message);
        }

        passes.Keep(app, result);
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        await _stop.CancelAsync();
        if (_timer is not null) await _timer.DisposeAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken ct)
    {
        await foreach (var _ in _turns.Reader.ReadAllAsync(ct))
        {
            await Parallel.ForEachAsync(registry.All.Where(IsDue), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (app, token) => await TurnAsync(app.Id, token));
        }
    }

    private bool IsDue(AppRecord app)
    {
        if (app is not { Enabled: true, App: AppRecord.Chatwoot }) return false;
        var isBusy = deliveries.LastReceived(app.Id) is { } last && time.GetUtcNow() - last < Busy;
        var rested = _rested.AddOrUpdate(app.Id, 0, (_, turns) => turns + 1);
        return isBusy || rested % RestingTurns == 0;
    }

    private async Task TurnAsync(string app, CancellationToken ct)
    {
        try
        {
            var result = await PassAsync(app, ct);
            if (result.Found > 0) logger.MessagesFound(app, result.Found);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.PassFailed(e, app);
        }
    }
}
