using System.Collections.Concurrent;
using System.Diagnostics;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Bridge;

/// <summary>What came of a run of messages in one direction. Order is counted per chat: messages that arrived after a later one of their chat.</summary>
internal sealed record Outcome(int Sent, int Lost, int Doubled, int OutOfOrder, IReadOnlyList<double> LatenciesMs, TimeSpan Took)
{
    public bool IsPerfect => Lost == 0 && Doubled == 0 && OutOfOrder == 0;

    public double PerSecond => Sent / Took.TotalSeconds;

    public double Percentile(double p) => LatenciesMs.Count == 0 ? 0 : LatenciesMs.Order().ElementAt(Math.Min(LatenciesMs.Count - 1, (int)(LatenciesMs.Count * p)));

    public override string ToString() =>
        $"{Sent} sent, {Lost} lost, {Doubled} doubled, {OutOfOrder} out of order, {PerSecond:F0}/s, p50 {Percentile(0.5):F1} ms, p99 {Percentile(0.99):F1} ms";
}

/// <summary>Sends numbered texts both ways through a rig and keeps account of every one.</summary>
internal sealed class Traffic : IDisposable
{
    private readonly BridgeRig _rig;
    private readonly Direction _inbound = new();
    private readonly Direction _outbound = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, long> _conversations = [];

    public Traffic(BridgeRig rig)
    {
        _rig = rig;
        rig.Chatwoot.Store.Added += Take;
        foreach (var phone in rig.Customers) _ = ReadAsync(phone);
    }

    /// <summary>Which of the texts that arrive are messages of this traffic; all, where nothing else is sent.</summary>
    public Func<string, bool> IsOwn { get; init; } = _ => true;

    /// <summary>A customer writes.</summary>
    public void SendIn(FakePhone customer, string text) => SendIn(customer, text, () => customer.SendText(_rig.Shop.Number.User, text));

    /// <summary>A customer sends something that is shown as this text.</summary>
    public void SendIn(FakePhone customer, string text, Action send) => _inbound.Expect(customer.Number.User, text, send);

    /// <summary>An agent writes, and presses retry as long as Chatwoot says that its callback was not taken.</summary>
    public Task SendOutAsync(FakePhone customer, string text, CancellationToken ct) => SendOutAsync(customer, text, [], ct);

    /// <summary>The same with files.</summary>
    public async Task SendOutAsync(FakePhone customer, string text, (string Name, string ContentType, byte[] Bytes)[] files, CancellationToken ct)
    {
        _outbound.Expect(customer.Number.User, text, () => { });
        var id = await _rig.Chatwoot.AgentSendsAsync(ConversationOf(customer), text, files);
        while (_rig.Chatwoot.Store.FindMessage(id)!.Status == "failed")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, ct);
            await _rig.Chatwoot.AgentRetryAsync(id);
        }
    }

    public long ConversationOf(FakePhone customer)
    {
        lock (_conversations)
        {
            if (_conversations.TryGetValue(customer.Number.User, out var known)) return known;
            return _conversations[customer.Number.User] = _rig.Chatwoot.ConversationOf(customer.Number.User)!.Id;
        }
    }

    /// <summary>Lets every customer say hello, so that contacts and conversations exist.</summary>
    public async Task GreetAsync(CancellationToken ct)
    {
        foreach (var customer in _rig.Customers) SendIn(customer, "hello");
        await InboundDoneAsync(ct);
        _inbound.Restart();
    }

    /// <summary>Completes when everything customers sent so far is in Chatwoot.</summary>
    public Task InboundDoneAsync(CancellationToken ct) => _inbound.DoneAsync(ct);

    public Task OutboundDoneAsync(CancellationToken ct) => _outbound.DoneAsync(ct);

    public Outcome Inbound() => _inbound.Judge();

    public Outcome Outbound() => _outbound.Judge();

    public void Restart()
    {
        _inbound.Restart();
        _outbound.Restart();
    }

    public void Dispose()
    {
        _rig.Chatwoot.Store.Added -= Take;
        _stop.Cancel();
        _stop.Dispose();
    }

    private void Take(SimMessage message, SimConversation conversation)
    {
        if (message.Type == SimMessageType.Incoming && conversation.Contact.PhoneNumber is { } phone && IsOwn(message.Content ?? "")) _inbound.Arrive(phone[1..], message.Content ?? "");
    }

    private async Task ReadAsync(FakePhone phone)
    {
        try
        {
            await foreach (var message in phone.Incoming.ReadAllAsync(_stop.Token))
            {
                var text = message.Content.ImageMessage?.Caption ?? message.Text ?? "";
                if (IsOwn(text)) _outbound.Arrive(phone.Number.User, text);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    /// <summary>One direction's account: what was sent in which chat, and what arrived when.</summary>
    private sealed class Direction
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<string, List<string>> _sent = [];
        private readonly Dictionary<string, List<string>> _arrived = [];
        private readonly ConcurrentDictionary<(string, string), long> _sentAt = new();
        private readonly List<double> _latencies = [];
        private TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _missing;
        private long _first;
        private long _last;

        public void Expect(string chat, string text, Action send)
        {
            lock (_gate)
            {
                ListOf(_sent, chat).Add(text);
                _missing++;
                if (_first == 0) _first = Stopwatch.GetTimestamp();
                if (_done.Task.IsCompleted) _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            _sentAt[(chat, text)] = Stopwatch.GetTimestamp();
            send();
        }

        public void Arrive(string chat, string text)
        {
            var now = Stopwatch.GetTimestamp();
            lock (_gate)
            {
                ListOf(_arrived, chat).Add(text);
                if (!_sentAt.TryRemove((chat, text), out var sent)) return;
                _latencies.Add(Stopwatch.GetElapsedTime(sent, now).TotalMilliseconds);
                _last = now;
                if (--_missing == 0) _done.TrySetResult();
            }
        }

        public async Task DoneAsync(CancellationToken ct)
        {
            Task done;
            lock (_gate) done = _missing == 0 ? Task.CompletedTask : _done.Task;
            await done.WaitAsync(ct);
        }

        public Outcome Judge()
        {
            lock (_gate)
            {
                var (lost, doubled, disorder) = (0, 0, 0);
                foreach (var (chat, sent) in _sent)
                {
                    var arrived = ListOf(_arrived, chat);
                    lost += sent.Except(arrived).Count();
                    doubled += arrived.Count - arrived.Distinct().Count();
                    var places = arrived.Distinct().Select(text => sent.IndexOf(text)).ToList();
                    disorder += places.Where((place, i) => i > 0 && place < places.Take(i).Max()).Count();
                }

                // What arrived in a chat nobody wrote in is misfiled: it is somebody else's loss, and counts as a double here.
                doubled += _arrived.Where(pair => !_sent.ContainsKey(pair.Key)).Sum(pair => pair.Value.Count);
                return new(_sent.Values.Sum(list => list.Count), lost, doubled, disorder, [.. _latencies], Stopwatch.GetElapsedTime(_first, _last));
            }
        }

        public void Restart()
        {
            lock (_gate)
            {
                _sent.Clear();
                _arrived.Clear();
                _latencies.Clear();
                _first = 0;
            }
        }

        private static List<string> ListOf(Dictionary<string, List<string>> lists, string chat)
        {
            if (!lists.TryGetValue(chat, out var list)) lists[chat] = list = [];
            return list;
        }
    }
}
