using System.Collections.Concurrent;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Webhooks;

namespace Footbridge.Server.Storage;

/// <summary>Writes down what became of deliveries. Nobody waits for these writes: what a crash cuts off, the reconciler makes good.</summary>
/// <remarks>Everything that comes while a write is on its way shares the next one.</remarks>
internal sealed class Settlements(IBookKeeper books, Decisions decisions, TimeProvider time, ILogger<Settlements> logger) : IAsyncDisposable
{
    private const int MaxReason = 500;
    private const int MaxRemembered = 10_000;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, string> _waits = new(StringComparer.Ordinal);
    private List<BookEntry> _next = [];
    private Task? _writing;

    /// <summary>The worker's word that a job is done.</summary>
    public void Done(JobContext job)
    {
        _waits.TryRemove(job.Id, out _);
        var decision = decisions.Of(job);
        End(new(job.Id, DeliveryState.Delivered, job.Attempt, decision?.Text, decision?.Conversation, decision?.CwId) { Lane = job.Lane, EndsEarlier = job.Queue == Queues.MessageUpdated });
    }

    /// <summary>A try failed. Waiting for the other side is told once, not at each look.</summary>
    public void TryFailed(JobContext job, Exception error, bool isFinal)
    {
        var (isWait, reason) = (error is RetryAfterException && !isFinal, Cut(ErrorText.Short(error)));
        if (isWait)
        {
            if (_waits.Count > MaxRemembered) _waits.Clear();
            if (_waits.TryGetValue(job.Id, out var told) && told == reason) return;
            _waits[job.Id] = reason;
        }

        Hop(job.Id, isWait ? Timeline.Waiting : Timeline.AttemptFailed, job.Attempt, reason);
    }

    /// <summary>The last try has failed and the report about it is on its way.</summary>
    public void Failed(JobContext job, Exception error)
    {
        _waits.TryRemove(job.Id, out _);
        End(new(job.Id, error is AppGoneException or WebhookGoneException ? DeliveryState.Dropped : DeliveryState.Quarantined, job.Attempt, Cut(ErrorText.Short(error)), null, null));
    }

    public void End(Settlement end)
    {
        Write(new(Now(), end, null));
    }

    public void Hop(string job, string kind, int? attempt, string? text)
    {
        Write(new(Now(), null, new(job, kind, attempt, text)));
    }

    /// <summary>Completes when everything said so far is written, or has failed.</summary>
    public Task FlushAsync()
    {
        lock (_gate) return _writing ?? Task.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await FlushAsync();

    private void Write(BookEntry entry)
    {
        lock (_gate)
        {
            _next.Add(entry);
            _writing ??= Task.Run(WriteAsync);
        }
    }

    private async Task WriteAsync()
    {
        while (Take() is { } entries)
        {
            try
            {
                await books.WriteAsync(entries, CancellationToken.None);
            }
            catch (Exception e)
            {
                logger.SettlementsFailed(e, entries.Count);
            }
        }
    }

    private List<BookEntry>? Take()
    {
        lock (_gate)
        {
            if (_next.Count == 0)
            {
                _writing = null;
                return null;
            }

            var taken = _next;
            _next = [];
            return taken;
        }
    }

    private static string Cut(string text) => text.Length <= MaxReason ? text : text[..MaxReason];

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
