using System.Globalization;
using System.Threading.Channels;
using Footbridge.Jobs;
using Footbridge.Server.Config;

namespace Footbridge.Server.Apps.Chatwoot.Scheduled;

/// <summary>Keeps the broker's schedules as the apps are: each enabled app has its own, and nobody else has any.</summary>
internal sealed class ChatwootSchedules(IJobStore store, AppRegistry apps, Queues queues, Settings settings, TimeProvider time, ILogger<ChatwootSchedules> logger) : IAsyncDisposable
{
    /// <summary>Every day at 17:00, in the server's time zone.</summary>
    private const string CleanupCron = "0 0 17 * * *";

    /// <summary>Every fourth minute, at a second that is the app's own, so that not all ask at once.</summary>
    private const string DriftCron = "1/4 * * * *";

    /// <summary>On Wednesdays at 18:00.</summary>
    private const string VersionCron = "0 0 18 * * 3";

    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(5);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private int _disposed;

    public void Start()
    {
        apps.Changed += Signal;
        Signal();
        _running = RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        // Twice at each stop: by the product, which needs it stopped before the broker, and by the container.
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        apps.Changed -= Signal;
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private void Signal() => _wake.Writer.TryWrite(true);

    private async Task RunAsync(CancellationToken ct)
    {
        await foreach (var _ in _wake.Reader.ReadAllAsync(ct))
        {
            try
            {
                await SyncAsync(ct);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                logger.SchedulesNotSet(e);
                await Task.Delay(TryAgainAfter, time, ct);
                Signal();
            }
        }
    }

    private async Task SyncAsync(CancellationToken ct)
    {
        var wanted = apps.All.Where(app => app is { Enabled: true, App: AppRecord.Chatwoot }).SelectMany(SchedulesOf).ToDictionary(schedule => schedule.Id, StringComparer.Ordinal);
        var kept = (await store.SchedulesAsync(ct)).Select(state => state.Schedule).Where(schedule => schedule.Queue is Queues.Cleanup or Queues.CheckVersion or Queues.Drift).ToList();
        foreach (var extra in kept.Where(schedule => !wanted.ContainsKey(schedule.Id))) await store.RemoveScheduleAsync(extra.Id, ct);
        foreach (var schedule in kept.Where(schedule => wanted.TryGetValue(schedule.Id, out var same) && IsSame(schedule, same))) wanted.Remove(schedule.Id);
        foreach (var schedule in wanted.Values) await store.UpsertScheduleAsync(schedule, ct);
    }

    private IEnumerable<JobSchedule> SchedulesOf(AppRecord app)
    {
        yield return Of(app, Queues.Cleanup, "message.cleanup", CleanupCron, queues.Retried);
        yield return Of(app, Queues.Drift, "check.connection", string.Create(CultureInfo.InvariantCulture, $"{app.Id.Aggregate(0, (sum, c) => (sum + c) % 60)} {DriftCron}"), queues.Once);
        if (settings.VersionFeed is not null) yield return Of(app, Queues.CheckVersion, "check.version", VersionCron, queues.Once);
    }

    private JobSchedule Of(AppRecord app, string queue, string lane, string cron, JobPolicy policy) =>
        new($"{queue} | {app.Id}", cron, time.LocalTimeZone.Id, queue, $"{app.Id}/{lane}", new ScheduledData(app.Id, app.Session).Write(), policy);

    private static bool IsSame(JobSchedule one, JobSchedule other) =>
        one with { Payload = default } == other with { Payload = default } && one.Payload.Span.SequenceEqual(other.Payload.Span);
}
