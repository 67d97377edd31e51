using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;
using Footbridge.Simulator.WhatsApp.Wire;

namespace Footbridge.SystemTests.Interop;

/// <summary>zapo-js logs in with the server's key from last time; our engine does it in the same way (ResumeTests), and the simulator answers both.</summary>
public sealed class HandshakeInteropTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(60));
    private WhatsAppSimulator _whatsApp = null!;
    private FakePhone _ben = null!;
    private NpmHost _host = null!;
    private NpmClient _ana = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        _whatsApp = await WhatsAppSimulator.StartAsync(new(), TimeProvider.System, Ct);
        _ben = _whatsApp.AddAccount("5511900000002", "Ben Example");
        _host = NpmHost.Start("zapo", _whatsApp);
        _ana = await _host.LinkAsync(_whatsApp.AddAccount("5511900000001", "Ana Example"), Ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        await _whatsApp.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task Zapo_resumes_with_the_key_it_knows()
    {
        await ComesBackAsync(Handshake.Resumed);
        await ReadsAsync("resumed");
    }

    [Fact]
    public async Task Zapo_falls_back_to_the_full_handshake_when_the_server_has_a_new_key_and_resumes_with_that()
    {
        _whatsApp.RotateKeys();
        await ComesBackAsync(Handshake.FellBack);
        await ReadsAsync("fell back");
        // While it reconnects by itself zapo goes on with the key that it began with (buildNoiseConfigForAttempt in its WaComms), and keeps the new one at its next start.
        foreach (var expected in new[] { Handshake.FellBack, Handshake.Resumed })
        {
            await _ana.GoAwayAsync(Ct);
            await ComesBackAsync(expected, () => _ana.ComeBackAsync(Ct));
            await ReadsAsync($"{expected} after a start");
        }
    }

    private async Task ComesBackAsync(Handshake expected, Func<Task>? how = null)
    {
        var next = new TaskCompletionSource<Handshake>(TaskCreationOptions.RunContinuationsAsynchronously);
        _whatsApp.ShookHands += handshake => next.TrySetResult(handshake);
        if (how is null) _whatsApp.KillSockets();
        else await how();
        Assert.Equal(expected, await next.Task.WaitAsync(Ct));
    }

    private async Task ReadsAsync(string text)
    {
        _ben.SendText(_ana.Phone.Number.User, text);
        await _ana.WaitTextAsync(text, Ct);
    }
}
