using System.Threading.Channels;
using Cronos;
using Microsoft.Extensions.Logging;

namespace Footbridge.Jobs;

/// <summary>Enqueues scheduled jobs at their ticks. Every worker process may run one: the store lets each tick through once.</summary>
/// <remarks>
/// It sleeps until the next tick or a change of the schedules. Ticks missed while nobody was running are made up for by one job,
/// of the latest of them. A job's id is made of its schedule and its tick.
/// </remarks>
public sealed class JobScheduler : IAsyncDisposable
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);
    private readonly IJobStore _store;
    private readonly JobQueue _queue;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private int _disposed;

    public JobScheduler(IJobStore store, JobQueue queue, TimeProvider time, ILogger logger)
    {
        (_store, _queue, _time, _logger) = (store, queue, time, logger);
        _timer = time.CreateTimer(_ => Signal(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Start()
    {
        _store.SchedulesChanged += Signal;
        _running = Task.Run(RunAsync, CancellationToken.None);
        Signal();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        _store.SchedulesChanged -= Signal;
        await _stop.CancelAsync();
        await _running;
        await _timer.DisposeAsync();
        _stop.Dispose();
    }

    /// <exception cref="ArgumentException">A name is out of bounds, or the expression or the time zone cannot be read.</exception>
    public static void Check(JobSchedule schedule)
    {
        new JobRequest(schedule.Id, schedule.Queue, schedule.Lane, schedule.Payload, schedule.Policy).Check();
        try
        {
            _ = Parse(schedule);
        }
        catch (Exception e) when (e is CronFormatException or TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            throw new ArgumentException($"the schedule '{schedule.Id}' cannot be read: {e.Message}", e);
        }
    }

    private void Signal() => _wake.Writer.TryWrite(true);

    private async Task RunAsync()
    {
        var ct = _stop.Token;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await _wake.Reader.ReadAsync(ct);
                _timer.Change(await FireDueAsync(ct), Timeout.InfiniteTimeSpan);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _logger.SchedulesFailed(e, TryAgainAfter.TotalSeconds);
                _timer.Change(TryAgainAfter, Timeout.InfiniteTimeSpan);
            }
        }
    }

    // How long to sleep until the next tick of any schedule.
    private async Task<TimeSpan> FireDueAsync(CancellationToken ct)
    {
        var sleep = LongestSleep;
        foreach (var state in await _store.SchedulesAsync(ct))
        {
            try
            {
                var next = await FireAsync(state, ct) - _time.GetUtcNow();
                if (next < sleep) sleep = next;
            }
            catch (Exception e) when (e is CronFormatException or TimeZoneNotFoundException or InvalidTimeZoneException)
            {
                // Written by a version that reads more than this one: the others must go on.
                _logger.ScheduleUnreadable(state.Schedule.Id, e.Message);
            }
        }

        // At least one millisecond: clocks are read in whole ones elsewhere, and a tick must lie behind us when we look.
        return sleep < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : sleep;
    }

    private async Task<DateTimeOffset> FireAsync(JobScheduleState state, CancellationToken ct)
    {
        var (cron, zone) = Parse(state.Schedule);
        var now = _time.GetUtcNow();
        var from = state.LastTick ?? state.Created;
        if (Latest(cron, zone, from, now) is { } tick)
        {
            var schedule = state.Schedule;
            var id = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{schedule.Id} @ {tick:yyyy-MM-ddTHH:mm:ssZ}");
            if (await _store.FireAsync(schedule.Id, tick, new JobRequest(id, schedule.Queue, schedule.Lane, schedule.Payload, schedule.Policy), ct)) _queue.Wake();
        }

        return cron.GetNextOccurrence(now, zone) ?? DateTimeOffset.MaxValue;
    }

    // The last tick after one time and not after another. Steps back from now in growing windows, so that a schedule of every
    // second that was away for a year costs no more than any other.
    private static DateTimeOffset? Latest(CronExpression cron, TimeZoneInfo zone, DateTimeOffset after, DateTimeOffset now)
    {
        for (var window = TimeSpan.FromSeconds(2); ; window *= 4)
        {
            var start = now - window > after ? now - window : after;
            if (cron.GetOccurrences(start, now, zone, fromInclusive: false, toInclusive: true).LastOrDefault() is { Ticks: > 0 } tick) return tick.ToUniversalTime();
            if (start == after) return null;
        }
    }

    private static (CronExpression Cron, TimeZoneInfo Zone) Parse(JobSchedule schedule)
    {
        var hasSeconds = schedule.Cron.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6;
        return (CronExpression.Parse(schedule.Cron, hasSeconds ? CronFormat.IncludeSeconds : CronFormat.Standard), TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone));
    }
}
