using System.Threading.Channels;

namespace Footbridge.Engine.Connection;

/// <summary>The one place that touches an account's Signal and credential state: work runs one piece at a time, in order.</summary>
/// <remarks>
/// Inbound stanzas and commands share one bounded inbox. A full inbox makes the writer wait, so the socket is not read.
/// Work must not wait for an answer from the server: the answer may stand behind it.
/// </remarks>
internal sealed class AccountLoop : IAsyncDisposable
{
    private const int Capacity = 256;
    private readonly Channel<Func<CancellationToken, ValueTask>> _inbox =
        Channel.CreateBounded<Func<CancellationToken, ValueTask>>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public AccountLoop() => _running = RunAsync();

    /// <summary>Queues work; waits while the inbox is full. The work must handle its own errors.</summary>
    public ValueTask PostAsync(Func<CancellationToken, ValueTask> work, CancellationToken ct) => _inbox.Writer.WriteAsync(work, ct);

    /// <summary>Runs a command in its turn and returns what it returns, or throws what it throws.</summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, ValueTask<T>> command, CancellationToken ct)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await PostAsync(async stop =>
        {
            try
            {
                done.SetResult(await command(stop));
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }, ct);
        return await done.Task.WaitAsync(_stop.Token);
    }

    /// <summary>Lets queued work finish, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _inbox.Writer.TryComplete();
        await _running;
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        await foreach (var work in _inbox.Reader.ReadAllAsync()) await work(_stop.Token);
    }
}
