using System.Text.Json.Nodes;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot.Reconcile;

/// <summary>One comparison of an app's inbox with the ledger: the conversations with activity since the last one, and their new messages.</summary>
internal sealed class ReconcilePass(ChatwootContext context, PassState state, FoundMessages found, LostMessages lost, TimeProvider time)
{
    /// <summary>Requests a pass may make: a small part of what Chatwoot lets one address ask in a minute.</summary>
    public const int MaxRequests = 120;

    /// <summary>Said of a pass that has used up <see cref="MaxRequests"/>: nothing is wrong.</summary>
    public const string OverBudget = "not everything could be looked at within the budget; the next pass goes on";

    /// <summary>Longer ago, nobody waits for the answer any more.</summary>
    private static readonly TimeSpan LongestAgo = TimeSpan.FromDays(7);

    /// <summary>Conversations are looked at again this long after their last activity: a message may have been too fresh the first time.</summary>
    private const long OverlapSeconds = 120;

    private readonly string _app = context.App.Id;
    private readonly List<UnmatchedMessage> _fresh = [];
    private readonly HashSet<long> _seen = [];
    private int _requests;
    private int _conversations;
    private int _messages;
    private int _found;
    private long _newest;

    /// <exception cref="ChatwootAwayException">Chatwoot does not answer; what was checked stays checked.</exception>
    public async Task<PassResult> RunAsync(CancellationToken ct)
    {
        var began = time.GetUtcNow();
        if (state.Of(_app) is not var (since, complete))
        {
            await state.BeginAsync(_app, ct);
            return new(began, 0, 0, 0, null);
        }

        var oldest = Math.Max(since, (began - LongestAgo).ToUnixTimeSeconds());
        var isComplete = await CheckAllAsync(Math.Max(oldest, complete - OverlapSeconds), oldest, ct);
        if (isComplete) await lost.CheckDeletedAsync(context, _seen, ct);
        // By Chatwoot's own clock, so that two clocks that differ miss nothing.
        if (isComplete && _newest > 0) await state.CompleteAsync(_app, _newest, ct);
        return new(began, _conversations, _messages, _found, isComplete ? null : OverBudget) { Unmatched = _fresh };
    }

    private async Task<bool> CheckAllAsync(long horizon, long oldest, CancellationToken ct)
    {
        for (var page = 1; Spend(); page++)
        {
            var conversations = (await context.Client.ConversationsAsync(page, ct)).OfType<JsonObject>().ToList();
            foreach (var conversation in conversations)
            {
                var activity = conversation["last_activity_at"]?.GetValue<long>() ?? 0;
                if (activity < horizon) return true;
                _newest = Math.Max(_newest, activity);
                if (!await CheckAsync(conversation, oldest, ct)) return false;
            }

            if (conversations.Count < ChatwootClient.ConversationsPage) return true;
        }

        return false;
    }

    /// <summary>False when the budget is used up.</summary>
    private async Task<bool> CheckAsync(JsonObject conversation, long oldest, CancellationToken ct)
    {
        var id = conversation["id"]!.GetValue<long>();
        _seen.Add(id);
        var last = state.Checked(_app, id);
        if (last is { } known && NewestIn(conversation) is { } newest && newest <= known) return true;
        _conversations++;
        var (messages, isAll) = last is { } after ? await AfterAsync(id, after, ct) : await BackToAsync(id, oldest, ct);
        _messages += messages.Count;
        var checkedNow = await found.TakeAsync(context, conversation, messages, oldest, ct);
        _found += checkedNow.Found;
        _fresh.AddRange(checkedNow.Fresh);
        if (last is { } from && messages.Count > 0) lost.Compare(_app, id, from, messages);
        if (checkedNow.CheckedUpTo is { } upTo) await state.CheckedAsync(_app, id, upTo, ct);
        return isAll;
    }

    private async Task<(List<JsonObject> Messages, bool IsAll)> AfterAsync(long conversation, long after, CancellationToken ct)
    {
        var messages = new List<JsonObject>();
        while (Spend())
        {
            var page = (await context.Client.MessagesAfterAsync(conversation, after, ct)).OfType<JsonObject>().ToList();
            messages.AddRange(page);
            if (page.Count < ChatwootClient.MessagesPage) return (messages, true);
            after = page[^1]["id"]!.GetValue<long>();
        }

        return (messages, false);
    }

    /// <summary>A conversation seen for the first time: from its newest message back to the first that counts.</summary>
    private async Task<(List<JsonObject> Messages, bool IsAll)> BackToAsync(long conversation, long oldest, CancellationToken ct)
    {
        var messages = new List<JsonObject>();
        long? before = null;
        while (Spend())
        {
            var page = (await (before is { } id ? context.Client.MessagesBeforeAsync(conversation, id, ct) : context.Client.NewestMessagesAsync(conversation, ct))).OfType<JsonObject>().ToList();
            messages.InsertRange(0, page);
            if (page.Count < ChatwootClient.NewestPage || page[0]["created_at"]!.GetValue<long>() < oldest) return (messages, true);
            before = page[0]["id"]!.GetValue<long>();
        }

        // Without its beginning, what was read must not count as checked.
        return ([], false);
    }

    private bool Spend() => _requests++ < MaxRequests;

    private static long? NewestIn(JsonObject conversation) => (conversation["messages"] as JsonArray)?.LastOrDefault()?["id"]?.GetValue<long>();
}
