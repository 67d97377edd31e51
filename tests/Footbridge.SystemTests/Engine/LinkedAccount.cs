using System.Threading.Channels;
using Footbridge.Engine;
using Footbridge.Engine.Presence;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Engine;

/// <summary>Our engine as a device of a phone that lives in the simulator.</summary>
internal sealed class LinkedAccount : IAsyncDisposable
{
    private readonly WaClientOptions _options;
    private readonly Lock _gate = new();
    private readonly Channel<PresenceUpdate> _presences = Channel.CreateUnbounded<PresenceUpdate>();
    private readonly List<ConnectionState> _states = [];
    private readonly List<(Func<ConnectionState, bool> Matches, TaskCompletionSource<ConnectionState> Found)> _waiting = [];

    public LinkedAccount(WhatsAppSimulator whatsApp, FakePhone phone, Func<WaClientOptions, WaClientOptions>? configure = null)
    {
        Phone = phone;
        var options = new WaClientOptions
        {
            ChatUrl = whatsApp.ChatUrl,
            NoiseRoots = [new(whatsApp.RootPublicKey, 0)],
            ReconnectStep = TimeSpan.FromMilliseconds(20),
            ReconnectMaxDelay = TimeSpan.FromMilliseconds(200),
        };
        _options = configure?.Invoke(options) ?? options;
        Client = NewClient();
    }

    public FakePhone Phone { get; }

    /// <summary>Presence of others, in the order the client told of it; each is read once.</summary>
    public ChannelReader<PresenceUpdate> Presences => _presences.Reader;

    /// <summary>What the client logs, over all its restarts.</summary>
    public WaitableLog Log { get; } = new();

    public MemoryDeviceStore Store { get; } = new();

    public WaClient Client { get; private set; }

    public async Task PairAsync(CancellationToken ct)
    {
        await Client.StartAsync(ct);
        var qr = (ConnectionState.WaitingForScan)await WaitAsync(s => s is ConnectionState.WaitingForScan, ct);
        await Phone.PairAsync(qr.Qr, ct);
        await WaitAsync(s => s is ConnectionState.Online, ct);
    }

    /// <summary>The process dies and comes back: nothing but the store survives.</summary>
    public Task RestartAsync(CancellationToken ct, Action? whileDown = null) => RestartAsync(
        () =>
        {
            whileDown?.Invoke();
            return Task.CompletedTask;
        },
        ct);

    /// <inheritdoc cref="RestartAsync(CancellationToken, Action)"/>
    public async Task RestartAsync(Func<Task> whileDown, CancellationToken ct)
    {
        await Client.DisposeAsync();
        await whileDown();
        lock (_gate) _states.Clear();
        Client = NewClient();
        await Client.StartAsync(ct);
        await WaitAsync(s => s is ConnectionState.Online, ct);
    }

    public void ForgetStates()
    {
        lock (_gate) _states.Clear();
    }

    public Task<ConnectionState> WaitAsync(Func<ConnectionState, bool> matches, CancellationToken ct)
    {
        lock (_gate)
        {
            if (_states.FirstOrDefault(matches) is { } past) return Task.FromResult(past);
            var waiter = new TaskCompletionSource<ConnectionState>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((matches, waiter));
            return waiter.Task.WaitAsync(ct);
        }
    }

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    private WaClient NewClient() => new(_options, Store, Tell, TimeProvider.System, Log) { PresenceChanged = update => _presences.Writer.TryWrite(update) };

    private void Tell(ConnectionState state)
    {
        lock (_gate)
        {
            _states.Add(state);
            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                if (!_waiting[i].Matches(state)) continue;
                _waiting[i].Found.TrySetResult(state);
                _waiting.RemoveAt(i);
            }
        }
    }
}
