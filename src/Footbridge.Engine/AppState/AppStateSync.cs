using Footbridge.Engine.Connection;
using Footbridge.Engine.Media;
using Footbridge.Protocol;
using Footbridge.Protocol.AppState;

namespace Footbridge.Engine.AppState;

/// <summary>Follows the collections: fetches what is new, once again from the start when it does not fit, and then leaves it to the phone.</summary>
/// <remarks>Outside the loop, one operation at a time. Source: docs/protocol/app-state.md.</remarks>
internal sealed class AppStateSync(AccountContext context, CollectionStore store, CollectionApplier applier, KeyRequests keys, CollectionRecovery recovery)
{
    private static readonly int[] GoneForGood = [400, 404];
    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>Fetches collections in the given order.</summary>
    /// <exception cref="QueryFailedException">The server refuses the query as a whole.</exception>
    /// <exception cref="TimeoutException">No answer in time.</exception>
    /// <exception cref="Messages.NotOnlineException">There is no connection.</exception>
    public Task SyncAsync(IReadOnlyList<string> collections, CancellationToken ct) => AloneAsync(async () =>
    {
        var critical = collections.Where(SyncCollections.Critical.Contains).ToList();
        await FetchAsync(critical, ct);
        await FetchAsync([.. collections.Except(critical)], ct);
    }, ct);

    /// <summary>Runs something that must not meet another operation on the app state.</summary>
    public async Task AloneAsync(Func<Task> work, CancellationToken ct)
    {
        await _gate.WaitAsync(ct);
        try
        {
            await work();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>As <see cref="SyncAsync"/>, called by whoever runs alone.</summary>
    public async Task FetchAsync(IReadOnlyList<string> collections, CancellationToken ct)
    {
        var (open, startedOver) = (collections.ToList(), new HashSet<string>(StringComparer.Ordinal));
        while (open.Count > 0)
        {
            var versions = new List<(string, ulong?)>();
            foreach (var name in open) versions.Add((name, await store.FindAsync(name, ct) is { IsBroken: false } stored ? stored.Version : null));
            var answers = SyncStanzas.Answers(await context.Link.QueryAsync(SyncStanzas.Fetch(versions), context.Options.QueryTimeout, ct));
            var more = new List<string>();
            foreach (var answer in answers.Where(a => open.Contains(a.Name)))
            {
                if (await TakeAsync(answer, startedOver, ct)) more.Add(answer.Name);
            }

            open = more;
        }
    }

    /// <summary>Takes in what the server says of one collection; whether it has to be asked again.</summary>
    public async Task<bool> TakeAsync(CollectionAnswer answer, HashSet<string> startedOver, CancellationToken ct)
    {
        try
        {
            if (answer.Error is { } code && code != CollectionAnswer.Conflict)
            {
                context.Logger.AppStateTrouble(answer.Name, $"the server answers {code}");
                return GoneForGood.Contains(code) && startedOver.Add(answer.Name) && await StartOverAsync(answer.Name, ct);
            }

            await applier.ApplyAsync(answer, ct);
            return answer.HasMore;
        }
        catch (MissingAppStateKeyException e)
        {
            context.Logger.AppStateTrouble(answer.Name, e.Message);
            await keys.AskAsync(e.KeyId, ct);
            return false;
        }
        catch (MediaFailedException e)
        {
            context.Logger.AppStateTrouble(answer.Name, e.Message);
            return false;
        }
        catch (ProtocolException e)
        {
            context.Logger.AppStateTrouble(answer.Name, e.Message);
            if (startedOver.Add(answer.Name)) return await StartOverAsync(answer.Name, ct);
            await recovery.AskAsync(answer.Name, ct);
            return false;
        }
    }

    /// <summary>Forgets how far the collection was followed; its records stay, to tell later what is news.</summary>
    private async Task<bool> StartOverAsync(string collection, CancellationToken ct)
    {
        await applier.CommitAsync((batch, _) =>
        {
            CollectionStore.Delete(collection, batch);
            return ValueTask.CompletedTask;
        }, ct);
        return true;
    }
}
