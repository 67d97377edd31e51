using Footbridge.Protocol.Xml;

namespace Footbridge.Simulator.WhatsApp;

/// <summary>One stanza that went over a socket. <paramref name="Device"/> is null before login.</summary>
internal sealed record RecordedStanza(long Timestamp, Jid? Device, bool IsFromClient, Node Node);

/// <summary>Every decoded stanza in and out, for assertions.</summary>
internal sealed class Recorder(bool isOn, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<RecordedStanza> _stanzas = [];
    private readonly List<(Func<RecordedStanza, bool> Matches, TaskCompletionSource<RecordedStanza> Found)> _waiting = [];

    public IReadOnlyList<RecordedStanza> Stanzas
    {
        get
        {
            lock (_gate) return [.. _stanzas];
        }
    }

    public void Add(Jid? device, bool isFromClient, Node node)
    {
        if (!isOn) return;
        var stanza = new RecordedStanza(time.GetTimestamp(), device, isFromClient, node);
        lock (_gate)
        {
            _stanzas.Add(stanza);
            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                if (!_waiting[i].Matches(stanza)) continue;
                _waiting[i].Found.TrySetResult(stanza);
                _waiting.RemoveAt(i);
            }
        }
    }

    /// <summary>The first stanza, past or to come, that matches.</summary>
    public Task<RecordedStanza> WaitAsync(Func<RecordedStanza, bool> matches, CancellationToken ct)
    {
        lock (_gate)
        {
            if (_stanzas.FirstOrDefault(matches) is { } found) return Task.FromResult(found);
            var waiter = new TaskCompletionSource<RecordedStanza>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((matches, waiter));
            return waiter.Task.WaitAsync(ct);
        }
    }
}
