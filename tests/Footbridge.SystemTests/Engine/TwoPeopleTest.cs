using Footbridge.Engine;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Engine;

/// <summary>Our engine as a device of a shop's phone, and a customer's phone; what tests of the engine's messages have in common.</summary>
public abstract class TwoPeopleTest : IAsyncLifetime
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(60));

    protected CancellationToken Ct => _timeout.Token;

    private protected WhatsAppSimulator WhatsApp { get; private set; } = null!;

    private protected FakePhone Ana { get; private set; } = null!;

    private protected LinkedAccount Us { get; private set; } = null!;

    protected string Shop => Us.Phone.Number.User;

    public async ValueTask InitializeAsync()
    {
        WhatsApp = await WhatsAppSimulator.StartAsync(new(), TimeProvider.System, Ct);
        Ana = WhatsApp.AddAccount("5511900000001", "Ana Example");
        Us = new(WhatsApp, WhatsApp.AddAccount("5511900000099", "Shop"), Configure);
        await Us.PairAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await Us.DisposeAsync();
        await WhatsApp.DisposeAsync();
        _timeout.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected virtual WaClientOptions Configure(WaClientOptions options) => options;

    /// <summary>A message of Ana's, or to her, as her phone shows it.</summary>
    private protected PhoneMessage OnAnasPhone(string id) => Ana.Messages.Single(m => m.Id == id);

    private protected async Task WaitForAsync(FakePhone phone, Func<bool> condition)
    {
        var changed = new SemaphoreSlim(0);
        phone.Changed += () => changed.Release();
        while (!condition()) await changed.WaitAsync(Ct);
    }
}
