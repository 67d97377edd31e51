using Footbridge.Engine.Events;
using Footbridge.Protocol.AppState;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;
using Footbridge.SystemTests.Engine;

namespace Footbridge.SystemTests.Interop;

/// <summary>A client nobody here wrote is a second device of our account: what either does, the other and the phone see.</summary>
public sealed class AppStateInteropTests : IAsyncLifetime
{
    private static readonly Jid Ana = new("5511900000001", JidServer.User);
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(60));
    private WhatsAppSimulator _whatsApp = null!;
    private FakePhone _phone = null!;
    private LinkedAccount _us = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        _whatsApp = await WhatsAppSimulator.StartAsync(new(), TimeProvider.System, Ct);
        _phone = _whatsApp.AddAccount("5511900000099", "Shop");
        _us = new(_whatsApp, _phone);
        await _us.PairAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _us.DisposeAsync();
        await _whatsApp.DisposeAsync();
        _timeout.Dispose();
    }

    [Theory]
    [MemberData(nameof(NpmHost.Names), MemberType = typeof(NpmHost))]
    public async Task A_pin_of_either_device_is_applied_by_the_other(string name)
    {
        // A phone takes its time with the keys. Baileys 6 learns its LID at the end of the login, and believes no phone that writes from there earlier.
        _phone.AppState.SharesKeys = false;
        await using var host = NpmHost.Start(name, _whatsApp);
        var client = await host.LinkAsync(_phone, Ct);
        var keys = _phone.AppState.ShareKeys(_whatsApp.FindDevice(client.Device)!);
        await _whatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Device == client.Device && s.Node["id"] == keys, Ct);
        await _us.Client.AppState.PinAsync(Ana, true, Ct);
        await client.WaitPinnedAsync(Ana.ToString(), true, Ct);
        await client.PinAsync(Ana.User, false, Ct);
        await _us.Store.WaitAsync<ChatUpdated>(c => c.Chat.Address == Ana && c.Change is ChatChange.Pinned { IsPinned: false }, Ct);
        Assert.False(_phone.AppState.Find(SyncActions.Pin, Ana.ToString())!.PinAction.Pinned);
        Assert.Empty(_whatsApp.FindDevice(_phone.Number)!.Account.AppState.Rejected);
        Proof.RecordBoth("app state patch", name);
    }
}
