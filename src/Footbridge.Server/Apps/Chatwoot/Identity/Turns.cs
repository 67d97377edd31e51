namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>Lets those that are about the same go one after another, within this process. Strangers may now and then have to wait for each other.</summary>
internal sealed class Turns<TKey>
    where TKey : notnull
{
    private const int Gates = 64;
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, Gates).Select(_ => new SemaphoreSlim(1))];

    /// <returns>Dispose of it when done.</returns>
    public async Task<IDisposable> EnterAsync(TKey key, CancellationToken ct)
    {
        var gate = _gates[(uint)key.GetHashCode() % Gates];
        await gate.WaitAsync(ct);
        return new Turn(gate);
    }

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0) gate.Release();
        }
    }
}
