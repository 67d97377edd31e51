using System.Collections.Concurrent;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Media;

/// <summary>Asks the account's phone for files that the media host no longer has, and takes its answers in. Source: docs/protocol/media.md.</summary>
internal sealed class MediaRequests(AccountContext context) : IStanzaHandler
{
    private const int MaxSwept = 1000;
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<MediaRetryOutcome>> _waiting = new(StringComparer.Ordinal);

    private MediaOptions Options => context.Options.Media;

    /// <param name="media">With the place where the file is gone.</param>
    /// <exception cref="NotOnlineException">The account is not online, so the phone cannot be asked.</exception>
    public async Task<MediaRetryOutcome> AskAsync(ArrivedMedia media, CancellationToken ct)
    {
        context.Link.RequireOnline();
        var own = new TaskCompletionSource<MediaRetryOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiter = _waiting.GetOrAdd(media.MessageId, own);
        try
        {
            if (waiter == own && await AskOnceAsync(media, ct) is { } already) return Settle(own, already);
            return await waiter.Task.WaitAsync(Options.PhoneTimeout, context.Time, ct);
        }
        catch (TimeoutException)
        {
            return Settle(own, new MediaRetryOutcome.NoAnswer());
        }
        catch (Exception) when (waiter == own)
        {
            // Whoever joined must not wait for somebody who went away.
            Settle(own, new MediaRetryOutcome.NoAnswer());
            throw;
        }
        finally
        {
            _waiting.TryRemove(new(media.MessageId, own));
        }
    }

    /// <summary>The same file at the place where the phone has put it since, if it has.</summary>
    public async ValueTask<MediaReference?> FindNewerAsync(ArrivedMedia media, CancellationToken ct) =>
        await StoredMediaRequest.LoadAsync(context.Store, media.MessageId, ct) is { DirectPath: { } path } stored && stored.IsOf(media.Reference.Key)
            ? media.Reference with { DirectPath = path, Url = null }
            : null;

    public async ValueTask HandleAsync(Node stanza, CancellationToken ct)
    {
        var id = stanza.Required("id");
        await context.Commits.DrainAsync();
        var batch = new StoreBatch();
        MediaRetryOutcome? outcome = null;
        if (await StoredMediaRequest.LoadAsync(context.Store, id, ct) is { } stored)
        {
            outcome = MediaStanzas.Outcome(stanza, stored.MediaKey);
            if (outcome is MediaRetryOutcome.Uploaded uploaded) (stored with { DirectPath = uploaded.DirectPath }).Save(id, batch);
        }

        await context.Commits.CommitAsync(batch, () =>
        {
            context.Link.Send(Acks.For(stanza));
            if (outcome is not null && _waiting.TryGetValue(id, out var waiter)) waiter.TrySetResult(outcome);
        }, ct);
    }

    /// <summary>Forgets requests that nobody will come back to.</summary>
    public async Task SweepAsync(CancellationToken ct)
    {
        var oldest = (context.Time.GetUtcNow() - KeptFor).ToUnixTimeMilliseconds();
        var all = await context.Store.ListAsync(StateKind.MediaRequest, "", MaxSwept, ct);
        var old = all.Where(entry => StoredMediaRequest.Parse(entry.Value).AskedAtMs < oldest).Select(entry => entry.Key).ToList();
        if (old.Count == 0) return;
        await context.ChangeAsync((batch, _) =>
        {
            foreach (var key in old) batch.Delete(StateKind.MediaRequest, key);
            return ValueTask.CompletedTask;
        }, ct);
    }

    /// <summary>Sends the request, unless the phone was asked a short while ago.</summary>
    private async Task<MediaRetryOutcome?> AskOnceAsync(ArrivedMedia media, CancellationToken ct)
    {
        var now = context.Time.GetUtcNow();
        var known = await StoredMediaRequest.LoadAsync(context.Store, media.MessageId, ct);
        // Another download may have had it uploaded while this one failed at the old place.
        if (known is { DirectPath: { } newer } && known.IsOf(media.Reference.Key) && newer != media.Reference.DirectPath) return new MediaRetryOutcome.Uploaded(newer);
        if (known is not null && known.IsOf(media.Reference.Key) && DateTimeOffset.FromUnixTimeMilliseconds(known.AskedAtMs) + Options.AskAgainAfter is var again && again > now)
        {
            return new MediaRetryOutcome.AskedAlready(again);
        }

        await context.Loop.RunAsync(async stop =>
        {
            var batch = new StoreBatch();
            new StoredMediaRequest(now.ToUnixTimeMilliseconds(), media.Reference.Key, null).Save(media.MessageId, batch);
            await context.Commits.CommitAsync(batch, () => context.Link.Send(MediaStanzas.AskAgain(media, context.Link.Me.Phone)), stop);
            return true;
        }, ct);
        return null;
    }

    private static MediaRetryOutcome Settle(TaskCompletionSource<MediaRetryOutcome> waiter, MediaRetryOutcome outcome)
    {
        waiter.TrySetResult(outcome);
        return outcome;
    }
}
