namespace Footbridge.Engine.Store;

/// <summary>One account's durable state: blobs by kind and key. SQLite and PostgreSQL implement it, and tests in memory.</summary>
public interface IDeviceStore
{
    /// <summary>A value, or null. Sees every commit whose task has completed.</summary>
    ValueTask<byte[]?> GetAsync(StateKind kind, string key, CancellationToken ct);

    /// <summary>Up to <paramref name="limit"/> values whose key starts with <paramref name="prefix"/>, by key, ordinal.</summary>
    ValueTask<IReadOnlyList<KeyValuePair<string, byte[]>>> ListAsync(StateKind kind, string prefix, int limit, CancellationToken ct);

    /// <summary>Makes a batch durable, as a whole.</summary>
    /// <remarks>
    /// Batches commit in the order of the calls, also when a call does not await the one before; the store may group them.
    /// The batch's events are in the ledger, in order, when the task completes. A failure means nothing of the batch was kept:
    /// the caller must throw away what it holds in memory and load again.
    /// </remarks>
    Task CommitAsync(StoreBatch batch, CancellationToken ct);

    /// <summary>Deletes all of the account's state (a logout). Ledger rows stay.</summary>
    Task EraseAsync(CancellationToken ct);
}
