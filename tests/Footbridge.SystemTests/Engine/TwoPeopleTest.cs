using Footbridge.Engine;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Engine;

/// <summary>Our engine as a device of a shop's phone, and a customer's phone; what tests of the engine's messages have in common.</summary>
/// <param name="seconds">How long a test may take.</param>
public abstract class TwoPeopleTest(int seconds = 60) : IAsyncLifetime
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(seconds));
    private SocketsHttpHandler? _handler;

    protected CancellationToken Ct => _timeout.Token;

    private protected WhatsAppSimulator WhatsApp { get; private set; } = null!;

    private protected FakePhone Ana { get; private set; } = null!;

    private protected LinkedAccount Us { get; private set; } = null!;

    protected string Shop => Us.Phone.Number.User;

    public virtual async ValueTask InitializeAsync()
    {
        WhatsApp = await WhatsAppSimulator.StartAsync(new(), TimeProvider.System, Ct);
        Ana = WhatsApp.AddAccount("5511900000001", "Ana Example");
        AddOthers();
        Us = new(WhatsApp, WhatsApp.AddAccount("5511900000099", "Shop"), Configure);
        await Us.PairAsync(Ct);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Us.DisposeAsync();
        await WhatsApp.DisposeAsync();
        _handler?.Dispose();
        _timeout.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Whoever else is there before the shop's phone.</summary>
    private protected virtual void AddOthers()
    {
    }

    private protected virtual WaClientOptions Configure(WaClientOptions options) =>
        options with { MediaHandler = _handler = MediaTrust.Handler(WhatsApp), Media = options.Media with { FallbackHosts = [] } };

    /// <summary>A message of Ana's, or to her, as her phone shows it.</summary>
    private protected PhoneMessage OnAnasPhone(string id) => Ana.Messages.Single(m => m.Id == id);

    private protected async Task WaitForAsync(FakePhone phone, Func<bool> condition)
    {
        var changed = new SemaphoreSlim(0);
        phone.Changed += () => changed.Release();
        while (!condition()) await changed.WaitAsync(Ct);
    }
}
