using Footbridge.Engine;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Engine;

/// <summary>Connections that only seem to be up. The time limits are shortened; the defaults are held by the unit tests.</summary>
public sealed class LivenessTests : IAsyncLifetime
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(120));
    private readonly List<FakePhone> _customers = [];
    private WhatsAppSimulator _whatsApp = null!;
    private LinkedAccount _us = null!;

    private CancellationToken Ct => _timeout.Token;

    private LivenessSnapshot Liveness => _us.Client.Liveness;

    public async ValueTask InitializeAsync()
    {
        _whatsApp = await WhatsAppSimulator.StartAsync(new(), TimeProvider.System, Ct);
        for (var i = 1; i <= 3; i++) _customers.Add(_whatsApp.AddAccount($"551190000000{i}", $"Customer {i}"));
    }

    public async ValueTask DisposeAsync()
    {
        // Whatever was doubted, the device was never given up.
        Assert.DoesNotContain(_whatsApp.Recorder.Stanzas, s => s.Node.Child("remove-companion-device") is not null);
        await _us.DisposeAsync();
        await _whatsApp.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task A_working_account_shows_what_proves_it()
    {
        await LinkAsync(o => o with { KeepAliveInterval = Short });
        var began = DateTimeOffset.UnixEpoch;
        await ReceiveAsync(_customers[0], "hello");
        // A second ping goes out when the first one has been answered.
        await PingAsync(2);
        Assert.Equal((LivenessStep.Proven, null, 0), (Liveness.Step, Liveness.Reason, Liveness.RestartsLastHour));
        Assert.All(new[] { Liveness.VerifiedAt, Liveness.LastInbound, Liveness.LastRoundTrip, Liveness.LastDecrypted }, time => Assert.True(time > began));
    }

    [Fact]
    public async Task A_half_open_socket_is_found_and_healed()
    {
        await LinkAsync(o => o with { KeepAliveInterval = Short, PingTimeout = Short, SilenceLimit = Short * 3 });
        _us.ForgetStates();
        _whatsApp.Faults.IsHalfOpen = true;
        await _us.WaitAsync(s => s is ConnectionState.Connecting { LastError: "WhatsApp does not answer pings" or "nothing came from WhatsApp for too long" }, Ct);
        _whatsApp.Faults.IsHalfOpen = false;
        await _us.WaitAsync(s => s is ConnectionState.Online, Ct);
        await ReceiveAsync(_customers[0], "after");
    }

    [Fact]
    public async Task A_stream_that_is_frozen_behind_its_pings_is_found_and_healed()
    {
        await LinkAsync(o => o with { KeepAliveInterval = Short, ProbeInterval = Short, ProbeTimeout = Short });
        _us.ForgetStates();
        _whatsApp.Faults.FromClient = (_, node) => node.Tag != "iq" || node["xmlns"] == "w:p" ? null : new Fault.Drop();
        await _us.WaitAsync(s => s is ConnectionState.Connecting { LastError: "WhatsApp sends frames, and answers no queries" }, Ct);
        _whatsApp.Faults.FromClient = null;
        await _us.WaitAsync(s => s is ConnectionState.Online, Ct);
        await ReceiveAsync(_customers[0], "after");
        Assert.Equal((LivenessStep.Proven, 1), (Liveness.Step, Liveness.RestartsLastHour));
    }

    [Fact]
    public async Task Swallowed_acks_cost_four_restarts_an_hour_and_then_an_alert_and_nothing_is_lost_or_doubled()
    {
        // The time for the ack begins before the message has left: with less, a busy machine gives up what nobody has got.
        await LinkAsync(o => o with { MessageAckTimeout = TimeSpan.FromSeconds(2) });
        _whatsApp.Faults.ToClient = (_, node) => node.Tag == "ack" && node["class"] == "message" ? new Fault.Drop() : null;
        await Assert.ThrowsAnyAsync<Exception>(() => _us.Client.SendTextAsync(new("3EB0000000000000000001", _customers[0].Number, "swallowed"), Ct));
        await _us.Log.WaitAsync("LivenessAlert", "does not acknowledge messages", Ct);
        Assert.Equal(LivenessStep.Alerted, Liveness.Step);
        Assert.Equal(4, Liveness.RestartsLastHour);
        Assert.Equal("WhatsApp answers, and does not acknowledge messages", Liveness.Reason);
        Assert.NotNull(_us.Client.Me);
        // The first login, the one after pairing, and four more.
        Assert.Equal(5, _whatsApp.Recorder.Stanzas.Count(s => !s.IsFromClient && s.Node.Tag == "success" && s.Device is { } device && device.IsSameUser(_us.Phone.Number)));

        _whatsApp.Faults.ToClient = null;
        await _us.Client.SendTextAsync(new("3EB0000000000000000001", _customers[0].Number, "swallowed"), Ct);
        await _us.Client.SendTextAsync(new("3EB0000000000000000002", _customers[0].Number, "after"), Ct);
        Assert.Equal(LivenessStep.Proven, Liveness.Step);
        Assert.Equal("swallowed", (await _customers[0].Incoming.ReadAsync(Ct)).Text);
        Assert.Equal("after", (await _customers[0].Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task A_stream_of_which_nothing_can_be_decrypted_has_its_keys_compared_and_is_then_made_anew()
    {
        await LinkAsync(o => o with { UndecryptableLimit = 6 });
        foreach (var customer in _customers) await ReceiveAsync(customer, "fine");
        _whatsApp.Faults.FromClient = (_, node) => node.Tag == "receipt" && node["type"] == "retry" ? new Fault.Drop() : null;
        foreach (var customer in _customers) customer.ForgetSessionsWith(_us.Phone.Number.User, breakInsteadOfForget: true);

        foreach (var customer in _customers) SendTwice(customer);
        await _us.Log.WaitAsync("LivenessStepTaken", nameof(LivenessStep.RefreshingKeys), Ct);
        _us.ForgetStates();
        foreach (var customer in _customers) SendTwice(customer);
        await _us.WaitAsync(s => s is ConnectionState.Connecting { LastError: "messages of several people cannot be decrypted" }, Ct);
        await _us.WaitAsync(s => s is ConnectionState.Online, Ct);
        Assert.Equal(1, Liveness.RestartsLastHour);

        _whatsApp.Faults.FromClient = null;
        _customers[0].ForgetSessionsWith(_us.Phone.Number.User);
        await ReceiveAsync(_customers[0], "readable again");
        Assert.Equal(LivenessStep.Proven, Liveness.Step);
    }

    [Fact]
    public async Task One_sender_who_cannot_be_decrypted_is_no_reason_to_restart()
    {
        await LinkAsync(o => o with { UndecryptableLimit = 3 });
        await ReceiveAsync(_customers[0], "fine");
        _whatsApp.Faults.FromClient = (_, node) => node.Tag == "receipt" && node["type"] == "retry" ? new Fault.Drop() : null;
        _customers[0].ForgetSessionsWith(_us.Phone.Number.User, breakInsteadOfForget: true);
        string last = "";
        for (var i = 0; i < 6; i++) last = _customers[0].SendText(_us.Phone.Number.User, $"{i}");
        await _us.Store.WaitAsync<MessageWaiting>(m => m.MessageId == last, Ct);
        Assert.Equal((LivenessStep.Proven, 0), (Liveness.Step, Liveness.RestartsLastHour));
    }

    private async Task LinkAsync(Func<WaClientOptions, WaClientOptions> configure)
    {
        _us = new(_whatsApp, _whatsApp.AddAccount("5511900000099", "Shop"), configure);
        await _us.PairAsync(Ct);
    }

    private async Task ReceiveAsync(FakePhone customer, string text)
    {
        var id = customer.SendText(_us.Phone.Number.User, text);
        await _us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
    }

    private void SendTwice(FakePhone customer)
    {
        customer.SendText(_us.Phone.Number.User, "unreadable");
        customer.SendText(_us.Phone.Number.User, "unreadable as well");
    }

    /// <summary>Waits until so many pings have left us.</summary>
    private async Task PingAsync(int count)
    {
        var seen = 0;
        await _whatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node["xmlns"] == "w:p" && ++seen == count, Ct);
    }
}
