using Footbridge.Engine.Connection;
using Microsoft.Extensions.Logging;

namespace Footbridge.Engine.Store;

/// <summary>Makes batches durable without keeping the account's loop waiting: what must follow a commit runs after it, in order.</summary>
/// <remarks>A failed commit ends the account's run, since what is in memory is then ahead of the store. Called inside the loop only.</remarks>
internal sealed class Commits(IDeviceStore store, Action<DisconnectReason, string> fail, ILogger logger)
{
    /// <summary>Commits that may be on their way at once; more make the loop wait.</summary>
    public const int MaxInFlight = 256;

    private readonly SemaphoreSlim _room = new(MaxInFlight);
    private Task _tail = Task.CompletedTask;
    private volatile bool _failed;

    public async ValueTask CommitAsync(StoreBatch batch, Action afterDurable, CancellationToken ct)
    {
        if (_failed) throw new InvalidOperationException("an earlier commit failed; the account is stopping");
        await _room.WaitAsync(ct);
        var committed = batch.IsEmpty ? Task.CompletedTask : store.CommitAsync(batch, CancellationToken.None);
        _tail = FollowAsync(_tail, committed, afterDurable);
    }

    /// <summary>Completes when all commits so far are durable and what follows them has run.</summary>
    public Task DrainAsync() => _tail;

    private async Task FollowAsync(Task previous, Task committed, Action afterDurable)
    {
        try
        {
            await committed;
            await previous;
            if (!_failed) afterDurable();
        }
        catch (Exception e)
        {
            _failed = true;
            logger.StorageFailed(e);
            fail(DisconnectReason.StorageFailed, "the account's state could not be stored");
        }
        finally
        {
            _room.Release();
        }
    }
}
