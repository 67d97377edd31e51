using Footbridge.Engine.Connection;

namespace Footbridge.Engine.Pairing;

/// <summary>Shows the codes of one connection in turn: the first for 60 s, each next for 20 s, and then gives up.</summary>
internal sealed class QrRotation(WaClientOptions options, TimeProvider time, Action<ConnectionState> show, Action<ConnectionEnd> end) : IDisposable
{
    private readonly Lock _gate = new();
    private Queue<string> _codes = [];
    private ITimer? _timer;
    private DateTimeOffset _keepUntil;
    private bool _showsOther;

    /// <summary>Whether a code is shown, so that the phone may link this device now.</summary>
    public bool IsShowing
    {
        get
        {
            lock (_gate) return _timer is not null && !_showsOther;
        }
    }

    public void Start(IReadOnlyList<string> codes)
    {
        lock (_gate)
        {
            _codes = new(codes);
            (_keepUntil, _showsOther) = (default, false);
            _timer?.Dispose();
            _timer = time.CreateTimer(_ => Next(options.NextQrLifetime), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        Next(options.FirstQrLifetime);
    }

    public void Stop()
    {
        lock (_gate)
        {
            _timer?.Dispose();
            _timer = null;
        }
    }

    /// <summary>Does not give up before this time: the owner is typing a code.</summary>
    public void KeepUntil(DateTimeOffset time)
    {
        lock (_gate) _keepUntil = time;
    }

    /// <summary>Shows this in the place of codes, and gives up at that time. Nothing happens when the connection has ended.</summary>
    public void ShowInstead(ConnectionState state, DateTimeOffset until)
    {
        lock (_gate)
        {
            if (_timer is null) return;
            _codes.Clear();
            (_keepUntil, _showsOther) = (until, true);
            _timer.Change(Left(), Timeout.InfiniteTimeSpan);
            show(state);
        }
    }

    public void Dispose() => Stop();

    private TimeSpan Left() => TimeSpan.FromTicks(Math.Max(0, (_keepUntil - time.GetUtcNow()).Ticks));

    private void Next(TimeSpan lifetime)
    {
        lock (_gate)
        {
            if (_timer is null) return;
            if (_codes.TryDequeue(out var code))
            {
                _timer.Change(lifetime, Timeout.InfiniteTimeSpan);
                show(new ConnectionState.WaitingForScan(code, time.GetUtcNow() + lifetime));
                return;
            }

            if (Left() is { Ticks: > 0 } left)
            {
                _timer.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        Stop();
        end(new(AfterEnd.Stop, DisconnectReason.QrTimeout, _showsOther ? "nobody answered for the account's passkey in time" : "nobody scanned a QR code or typed a linking code in time"));
    }
}
