using Footbridge.Engine.Connection;
using Footbridge.Protocol;
using Footbridge.Protocol.AppState;
using Footbridge.Protocol.Generated;

namespace Footbridge.Engine.AppState;

/// <summary>One action to write.</summary>
/// <param name="IsSet">False takes the record away.</param>
internal sealed record SyncWrite(SyncActionKind Kind, string[] Parts, SyncActionValue Value, bool IsSet = true);

/// <summary>Writes actions: builds a patch on what is here, and builds it anew when another device was faster.</summary>
/// <remarks>What was written is then fetched like anybody's patch, so that it takes the same road into events and the store.</remarks>
internal sealed class AppStateWriter(AccountContext context, CollectionStore store, AppStateSync sync, KeyRequests requests)
{
    private const int MaxTries = 5;

    /// <param name="writes">All of one collection; they take effect together.</param>
    /// <exception cref="AppStateUnavailableException">There is no key yet, the collection is damaged, or other devices are faster again and again.</exception>
    /// <exception cref="QueryFailedException">The server refuses the patch.</exception>
    /// <exception cref="TimeoutException">No answer in time; the patch may have been taken.</exception>
    /// <exception cref="Messages.NotOnlineException">There is no connection.</exception>
    public async Task WriteAsync(IReadOnlyList<SyncWrite> writes, CancellationToken ct)
    {
        context.Link.RequireOnline();
        if ((await Keyring.LoadAsync(context.Store, ct)).IsEmpty) await requests.FirstCameAsync(ct);
        await sync.AloneAsync(() => TryAsync(writes[0].Kind.Collection, writes, ct), ct);
    }

    private async Task TryAsync(string collection, IReadOnlyList<SyncWrite> writes, CancellationToken ct)
    {
        for (var attempt = 1; attempt <= MaxTries; attempt++)
        {
            var answer = await PushAsync(collection, writes, ct);
            if (answer.Error is null)
            {
                await sync.FetchAsync([collection], ct);
                return;
            }

            if (answer.Error != CollectionAnswer.Conflict) throw new QueryFailedException(answer.Error.Value, $"the change of {collection}");
            var wantsMore = answer.Patches.Count == 0 | await sync.TakeAsync(answer, new(StringComparer.Ordinal), ct);
            if (wantsMore) await sync.FetchAsync([collection], ct);
        }

        throw new AppStateUnavailableException($"other devices of the account changed the same state {MaxTries} times while this change was being made; try again");
    }

    private async Task<CollectionAnswer> PushAsync(string collection, IReadOnlyList<SyncWrite> writes, CancellationToken ct)
    {
        var keys = (await Keyring.LoadAsync(context.Store, ct)).Newest
            ?? throw new AppStateUnavailableException("the account's phone has not shared its keys with this device yet; open WhatsApp on the phone and try again");
        var before = await StateAsync(collection, ct);
        var mutations = writes.Select(w => Seal(w, keys)).ToList();
        var earlier = await store.MacsOfAsync(collection, mutations.Select(m => m.Record), ct);
        var (patch, _) = before.Patch(mutations, keys, collection, earlier);
        var answer = await context.Link.QueryAsync(SyncStanzas.Push(collection, before.Version, patch), context.Options.QueryTimeout, ct);
        return SyncStanzas.Answers(answer).FirstOrDefault(a => a.Name == collection) ?? throw new ProtocolException($"the server says nothing of {collection}");
    }

    private async Task<CollectionState> StateAsync(string collection, CancellationToken ct)
    {
        if (await store.FindAsync(collection, ct) is not { IsBroken: false }) await sync.FetchAsync([collection], ct);
        return await store.FindAsync(collection, ct) is { IsBroken: false } stored
            ? stored.ToState()
            : throw new AppStateUnavailableException($"this device does not have the account's {collection} yet; its phone has been asked for what is missing, try again later");
    }

    private (SyncdMutation Sealed, SyncRecord Record) Seal(SyncWrite write, AppStateKeys keys)
    {
        var value = write.Value.Clone();
        value.Timestamp = context.Time.GetUtcNow().ToUnixTimeMilliseconds();
        return SyncRecord.Seal(keys, write.IsSet, write.Kind.Index(write.Parts), value, write.Kind.Version);
    }
}
