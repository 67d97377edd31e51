using System.Collections.Concurrent;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Puts callbacks of one conversation into the order of their messages: Chatwoot makes its calls side by side, and a later message's may come first.</summary>
/// <remarks>
/// Ids count through the whole installation. Where some between the last known one and a new one have not been heard of, their callbacks
/// may be on the way, and the new one waits for them, for a moment (on the wall clock, as the calls are). Ids of other inboxes never come; large gaps are taken for such and not waited for.
/// </remarks>
internal sealed class CallbackOrder(TimeProvider time)
{
    /// <summary>A larger gap is no sign of a callback on the way.</summary>
    public const int MaxGap = 64;

    private const int Remembered = 1024;
    private readonly ConcurrentDictionary<string, Inbox> _inboxes = new(StringComparer.Ordinal);

    /// <summary>A message's callback has come that needs no turn: nobody waits for it any longer.</summary>
    public void Saw(string app, long message, TimeSpan patience)
    {
        var inbox = InboxOf(app);
        lock (inbox) inbox.Note(message, Until(patience));
    }

    /// <summary>Waits for a message's turn in its conversation, at most <paramref name="patience"/> and for those before it; disposing the turn lets the next one pass.</summary>
    public async Task<IDisposable> EnterAsync(string app, long conversation, long message, TimeSpan patience, CancellationToken ct)
    {
        var inbox = InboxOf(app);
        var turn = new Turn(inbox, conversation, message);
        Task missing;
        lock (inbox)
        {
            inbox.Note(message, Until(patience));
            inbox.Enter(turn);
            missing = Task.WhenAll(inbox.MissingBefore(message, time.GetUtcNow()), BlindnessAsync(inbox, ct));
        }

        try
        {
            await WaitAsync(missing, patience, ct);
            while (true)
            {
                Task left;
                lock (inbox)
                {
                    if (inbox.IsFirst(turn)) return turn;
                    left = inbox.NextLeaving(turn);
                }

                await left.WaitAsync(ct);
            }
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    private async Task WaitAsync(Task missing, TimeSpan patience, CancellationToken ct)
    {
        try
        {
            if (!missing.IsCompleted) await missing.WaitAsync(patience, time, ct);
        }
        catch (TimeoutException)
        {
            // What did not come in time is of another inbox, or is late.
        }
    }

    /// <summary>At first nothing is known, so that a gap would not show: everything waits that comes in the first moment.</summary>
    private Task BlindnessAsync(Inbox inbox, CancellationToken ct) => inbox.BlindUntil - time.GetUtcNow() is { Ticks: > 0 } left ? Task.Delay(left, time, ct) : Task.CompletedTask;

    private DateTimeOffset Until(TimeSpan patience) => time.GetUtcNow() + patience;

    private Inbox InboxOf(string app) => _inboxes.GetOrAdd(app, _ => new());

    /// <summary>What is known of one app's callbacks; used under its own lock.</summary>
    private sealed class Inbox
    {
        private readonly SortedSet<long> _seen = [];
        private readonly SortedDictionary<long, (TaskCompletionSource Came, DateTimeOffset Until)> _missing = [];
        private readonly Dictionary<long, Line> _lines = [];

        public DateTimeOffset BlindUntil { get; private set; }

        public void Note(long id, DateTimeOffset until)
        {
            if (_seen.Count == 0) BlindUntil = until;
            if (_missing.Remove(id, out var awaited)) awaited.Came.SetResult();
            var last = _seen.Count == 0 ? id : _seen.Max;
            if (_seen.Add(id) && id - last is > 1 and <= MaxGap)
            {
                for (var between = last + 1; between < id; between++) _missing[between] = (new(TaskCreationOptions.RunContinuationsAsynchronously), until);
            }

            if (_seen.Count > Remembered) _seen.Remove(_seen.Min);
        }

        /// <summary>Completes when all earlier messages that may be on the way have come.</summary>
        public Task MissingBefore(long id, DateTimeOffset now)
        {
            foreach (var gone in _missing.Where(m => m.Value.Until <= now).Select(m => m.Key).ToList()) _missing.Remove(gone);
            return Task.WhenAll(_missing.TakeWhile(m => m.Key < id).Select(m => m.Value.Came.Task));
        }

        public void Enter(Turn turn)
        {
            if (!_lines.TryGetValue(turn.Conversation, out var line)) _lines[turn.Conversation] = line = new();
            line.Turns.Add(turn);
        }

        public bool IsFirst(Turn turn) => _lines[turn.Conversation].Turns.MinBy(other => other.Message) == turn;

        /// <summary>Completes when somebody leaves the turn's conversation.</summary>
        public Task NextLeaving(Turn turn) => _lines[turn.Conversation].Left.Task;

        public void Leave(Turn turn)
        {
            var line = _lines[turn.Conversation];
            if (!line.Turns.Remove(turn)) return;
            if (line.Turns.Count == 0) _lines.Remove(turn.Conversation);
            var left = line.Left;
            line.Left = new(TaskCreationOptions.RunContinuationsAsynchronously);
            left.SetResult();
        }

        /// <summary>Who waits in a conversation.</summary>
        private sealed class Line
        {
            public List<Turn> Turns { get; } = [];

            public TaskCompletionSource Left { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private sealed class Turn(Inbox inbox, long conversation, long message) : IDisposable
    {
        private bool _isOver;

        public long Conversation => conversation;

        public long Message => message;

        public void Dispose()
        {
            lock (inbox)
            {
                if (_isOver) return;
                _isOver = true;
                inbox.Leave(this);
            }
        }
    }
}
