using System.Collections.Concurrent;
using System.Threading.Channels;
using Footbridge.Engine.Messages;
using Footbridge.Protocol;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Connection;

/// <summary>Work of a run that nobody waits for: it asks the server, so it cannot happen inside the loop. Ends with the run.</summary>
internal sealed class BackgroundWork(ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _running = new();

    /// <summary>Starts work inside the loop that needs what the present stanza is about to commit: it begins once that is durable.</summary>
    public void StartAfterCommit(string step, AccountContext context, Func<CancellationToken, Task> work) => Start(step, async ct =>
    {
        // The loop takes this after the stanza, whose commit is then under way.
        await context.Loop.RunAsync(_ => ValueTask.FromResult(true), ct);
        await context.Commits.DrainAsync();
        await work(ct);
    });

    /// <summary>Starts work; what WhatsApp or the connection refuses it is logged and costs only this work.</summary>
    /// <param name="step">For the log: "the sync of the app state".</param>
    public void Start(string step, Func<CancellationToken, Task> work)
    {
        var task = Task.Run(() => RunAsync(step, work), CancellationToken.None);
        _running[task] = true;
        _ = task.ContinueWith(t => _running.TryRemove(t, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Completes when what runs now has ended.</summary>
    public Task DrainAsync() => Task.WhenAll(_running.Keys);

    /// <summary>Stops what runs, before the loop ends that it may be waiting for.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await DrainAsync();
    }

    private async Task RunAsync(string step, Func<CancellationToken, Task> work)
    {
        try
        {
            await work(_stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            // The run is over.
        }
        catch (Exception e) when (e is QueryFailedException or TimeoutException or NotOnlineException or SendFailedException or ProtocolException)
        {
            logger.LoginStepFailed(step, e.Message);
        }
        catch (Exception e)
        {
            logger.BackgroundFailed(e, step);
        }
    }
}
