using Footbridge.Engine;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Wire;

namespace Footbridge.SystemTests.Engine;

/// <summary>Logging in with the server's key from last time, and every way in which that can fail.</summary>
public sealed class ResumeTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(30));
    private WhatsAppSimulator _whatsApp = null!;
    private LinkedAccount _us = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        _whatsApp = await WhatsAppSimulator.StartAsync(new(), TimeProvider.System, Ct);
        _us = new(_whatsApp, _whatsApp.AddAccount("5511900000099", "Shop"));
        await _us.PairAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _us.DisposeAsync();
        await _whatsApp.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task A_login_resumes_from_the_key_of_the_pairing_and_again_after_a_restart()
    {
        await _us.RestartAsync(Ct);
        Assert.Equal([Handshake.Full, Handshake.Resumed, Handshake.Resumed], _whatsApp.Handshakes);
    }

    [Fact]
    public async Task A_server_with_a_new_key_is_accepted_by_falling_back_and_then_resumed_again()
    {
        _whatsApp.RotateKeys();
        await AgainAsync();
        await AgainAsync();
        Assert.Equal([Handshake.Full, Handshake.Resumed, Handshake.FellBack, Handshake.Resumed], _whatsApp.Handshakes);
    }

    [Fact]
    public async Task A_server_that_asks_for_the_full_handshake_gets_it()
    {
        _whatsApp.Faults.RefusesResume = true;
        await AgainAsync();
        _whatsApp.Faults.RefusesResume = false;
        await AgainAsync();
        Assert.Equal([Handshake.Full, Handshake.Resumed, Handshake.FellBack, Handshake.Resumed], _whatsApp.Handshakes);
    }

    [Fact]
    public async Task An_answer_that_is_sealed_wrongly_costs_one_connection_and_the_next_handshake_is_full()
    {
        _whatsApp.Faults.BreaksResume = true;
        await AgainAsync();
        Assert.Equal(Handshake.Full, _whatsApp.Handshakes.Last());
    }

    [Fact]
    public async Task A_server_of_another_root_is_refused_also_when_it_is_resumed_or_falls_back()
    {
        _whatsApp.Faults.PresentsWrongRoot = true;
        _us.ForgetStates();
        _whatsApp.KillSockets();
        await _us.WaitAsync(s => s is ConnectionState.Connecting { Failures: >= 3 }, Ct);
        Assert.Null(_us.Client.Me);
        _whatsApp.Faults.PresentsWrongRoot = false;
        await _us.WaitAsync(s => s is ConnectionState.Online, Ct);
    }

    [Fact]
    public async Task A_socket_that_breaks_does_not_cost_the_key()
    {
        _whatsApp.Faults.ToClient = (_, node) => node.Tag == "success" ? new Fault.KillSocket() : null;
        _us.ForgetStates();
        _whatsApp.KillSockets();
        await _us.WaitAsync(s => s is ConnectionState.Connecting { Failures: >= 2 }, Ct);
        _whatsApp.Faults.ToClient = null;
        await _us.WaitAsync(s => s is ConnectionState.Online, Ct);
        Assert.Equal(Handshake.Full, Assert.Single(_whatsApp.Handshakes, h => h != Handshake.Resumed));
    }

    [Fact]
    public async Task Resuming_can_be_switched_off()
    {
        _us.Client.Options = _us.Client.Options with { ResumesHandshake = false };
        await _us.Client.StopAsync(Ct);
        _us.ForgetStates();
        await _us.Client.StartAsync(Ct);
        await _us.WaitAsync(s => s is ConnectionState.Online, Ct);
        Assert.Equal(Handshake.Full, _whatsApp.Handshakes.Last());
    }

    private async Task AgainAsync()
    {
        _us.ForgetStates();
        _whatsApp.KillSockets();
        await _us.WaitAsync(s => s is ConnectionState.Online, Ct);
    }
}
