using Footbridge.Engine.Connection;

namespace Footbridge.Engine.Pairing;

/// <summary>Shows the codes of one connection in turn: the first for 60 s, each next for 20 s, and then gives up.</summary>
internal sealed class QrRotation(WaClientOptions options, TimeProvider time, Action<ConnectionState> show, Action<ConnectionEnd> end) : IDisposable
{
    private readonly Lock _gate = new();
    private Queue<string> _codes = [];
    private ITimer? _timer;

    public void Start(IReadOnlyList<string> codes)
    {
        lock (_gate)
        {
            _codes = new(codes);
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

    public void Dispose() => Stop();

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
        }

        Stop();
        end(new(AfterEnd.Stop, DisconnectReason.QrTimeout, "nobody scanned a QR code in time"));
    }
}
