namespace Footbridge.Engine.Connection;

/// <summary>Collects what shows that the account is connected and able to read, and keeps count of the restarts that doubt has cost.</summary>
/// <remarks>Thread-safe; lives as long as a run, over all its connections. Source: docs/protocol/timers.md.</remarks>
internal sealed class Liveness(WaClientOptions options, TimeProvider time)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _undecrypted = new(StringComparer.Ordinal);
    private readonly Queue<long> _restarts = [];
    private TaskCompletionSource _doubt = NewDoubt();
    private long _inbound;
    private long _pong;
    private long _roundTrip;
    private long _decrypted;
    private long _connected;
    private bool _ackIsMissing;
    private bool _isSilent;
    private bool _cannotRead;
    private LivenessStep _step;
    private string? _reason;

    /// <summary>When the last frame came; a timestamp of the clock.</summary>
    public long LastInbound => Volatile.Read(ref _inbound);

    public LivenessSnapshot Snapshot
    {
        get
        {
            lock (_gate)
            {
                ForgetOldRestarts();
                return new(At(Math.Max(_roundTrip, _decrypted)), At(LastInbound), At(_pong), At(_roundTrip), At(_decrypted), _step, _reason, _restarts.Count);
            }
        }
    }

    /// <summary>A new connection: what was missing on the last one says nothing about this one.</summary>
    public void NoteConnected()
    {
        NoteInbound();
        lock (_gate) (_connected, _ackIsMissing, _isSilent) = (time.GetTimestamp(), false, false);
    }

    public void NoteInbound() => Volatile.Write(ref _inbound, time.GetTimestamp());

    public void NotePong()
    {
        lock (_gate) _pong = time.GetTimestamp();
    }

    public void NoteRoundTrip()
    {
        lock (_gate)
        {
            _roundTrip = time.GetTimestamp();
            _isSilent = false;
            Prove();
        }
    }

    /// <summary>The server acknowledged a message of ours.</summary>
    public void NoteAck()
    {
        lock (_gate) _ackIsMissing = false;
        NoteRoundTrip();
    }

    /// <summary>A query was not answered in time.</summary>
    public void NoteSilence()
    {
        lock (_gate)
        {
            _isSilent = true;
            _doubt.TrySetResult();
        }
    }

    /// <summary>A message of ours was not acknowledged in time.</summary>
    public void NoteMissingAck()
    {
        lock (_gate)
        {
            _ackIsMissing = true;
            _doubt.TrySetResult();
        }
    }

    public void NoteDecrypted()
    {
        lock (_gate)
        {
            _decrypted = time.GetTimestamp();
            _undecrypted.Clear();
            _cannotRead = false;
            Prove();
        }
    }

    /// <summary>A message could not be decrypted; the same one again counts once.</summary>
    public void NoteUndecrypted(string message, string sender)
    {
        lock (_gate)
        {
            if (_undecrypted.Count < options.UndecryptableLimit) _undecrypted[message] = sender;
            if (IsUndecryptable) _doubt.TrySetResult();
        }
    }

    /// <summary>What there is to doubt.</summary>
    public Doubt Doubt
    {
        get
        {
            lock (_gate)
            {
                if (_ackIsMissing) return Doubt.MissingAck;
                if (IsUndecryptable) return Doubt.Undecryptable;
                var quiet = time.GetElapsedTime(Math.Max(_roundTrip, _connected));
                return _isSilent || quiet >= options.ProbeInterval ? Doubt.NoRoundTrip : Doubt.None;
            }
        }
    }

    /// <summary>Waits until something gives rise to doubt, at most until a probe is due.</summary>
    public async Task WaitAsync(CancellationToken ct)
    {
        Task doubt;
        TimeSpan left;
        lock (_gate)
        {
            doubt = _doubt.Task;
            left = options.ProbeInterval - time.GetElapsedTime(Math.Max(_roundTrip, _connected));
            if (left <= TimeSpan.Zero) left = options.ProbeInterval;
        }

        try
        {
            await doubt.WaitAsync(left, time, ct);
        }
        catch (TimeoutException)
        {
            // Nothing gave rise to doubt; a probe may be due.
        }

        lock (_gate) _doubt = _doubt.Task.IsCompleted ? NewDoubt() : _doubt;
    }

    public void Take(LivenessStep step, string reason)
    {
        lock (_gate) (_step, _reason) = (step, reason);
    }

    /// <summary>The keys have been compared: from here the undecryptable messages are counted anew.</summary>
    public void CountUndecryptedAnew()
    {
        lock (_gate)
        {
            _undecrypted.Clear();
            _cannotRead = true;
        }
    }

    /// <summary>Takes one of the hour's restarts; false when they are used up, and then the step is <see cref="LivenessStep.Alerted"/>.</summary>
    public bool TryRestart(string reason)
    {
        lock (_gate)
        {
            ForgetOldRestarts();
            var may = _restarts.Count < options.LivenessRestartsPerHour;
            if (may) _restarts.Enqueue(time.GetTimestamp());
            (_step, _reason) = (may ? LivenessStep.Reconnecting : LivenessStep.Alerted, reason);
            return may;
        }
    }

    private bool IsUndecryptable =>
        _undecrypted.Count >= options.UndecryptableLimit && _undecrypted.Values.Distinct(StringComparer.Ordinal).Count() >= options.UndecryptableSenders;

    private static TaskCompletionSource NewDoubt() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A round trip does not prove what cannot be decrypted or what is not acknowledged, and the other way round.</summary>
    private void Prove()
    {
        if (!_ackIsMissing && !_isSilent && !_cannotRead && !IsUndecryptable) (_step, _reason) = (LivenessStep.Proven, null);
    }

    private void ForgetOldRestarts()
    {
        while (_restarts.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= Hour) _restarts.Dequeue();
    }

    private DateTimeOffset? At(long timestamp) => timestamp == 0 ? null : time.GetUtcNow() - time.GetElapsedTime(timestamp);
}

/// <summary>Why a connection that seems to be up may not be.</summary>
internal enum Doubt
{
    None,
    NoRoundTrip,
    MissingAck,
    Undecryptable,
}
