using Footbridge.Engine;
using Footbridge.Engine.Events;
using Footbridge.Simulator.WhatsApp;

namespace Footbridge.SystemTests.Engine;

public sealed class ProxyTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(30));
    private WhatsAppSimulator _whatsApp = null!;
    private LinkedAccount? _us;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync() => _whatsApp = await WhatsAppSimulator.StartAsync(new(), TimeProvider.System, Ct);

    public async ValueTask DisposeAsync()
    {
        if (_us is not null) await _us.DisposeAsync();
        await _whatsApp.DisposeAsync();
        _timeout.Dispose();
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("", "agent")]
    [InlineData("http://", "agent")]
    [InlineData("socks5://", null)]
    [InlineData("socks5://", "agent")]
    public async Task An_account_is_linked_and_receives_through_its_proxy(string scheme, string? user)
    {
        await using var proxy = TestProxy.Start(user, user is null ? null : "p@ss:word");
        var us = Account(ProxyAddress.Parse($"{scheme}127.0.0.1:{proxy.Port}", user, "p@ss:word"));
        await us.PairAsync(Ct);
        var id = _whatsApp.AddAccount("5511900000001", "Ana Example").SendText(us.Phone.Number.User, "through the proxy");
        await us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
        // Once to be linked, once to log in.
        Assert.Equal(2, proxy.Targets.Count);
        Assert.All(proxy.Targets, target => Assert.Equal(_whatsApp.ChatUrl.Authority, target));
    }

    [Theory]
    [InlineData("http://")]
    [InlineData("socks5://")]
    public async Task A_wrong_password_at_the_proxy_is_told_and_nothing_goes_past_it(string scheme)
    {
        await using var proxy = TestProxy.Start("agent", "right");
        await RefusedAsync(ProxyAddress.Parse($"{scheme}agent:wrong@127.0.0.1:{proxy.Port}"));
        Assert.True(proxy.Refused > 0);
        Assert.Empty(proxy.Targets);
    }

    [Theory]
    [InlineData("http://")]
    [InlineData("socks5://")]
    public async Task A_proxy_that_is_down_lets_nothing_out(string scheme)
    {
        var proxy = TestProxy.Start();
        var port = proxy.Port;
        await proxy.DisposeAsync();
        await RefusedAsync(ProxyAddress.Parse($"{scheme}127.0.0.1:{port}"));
    }

    private async Task RefusedAsync(ProxyAddress proxy)
    {
        var us = Account(proxy);
        await us.Client.StartAsync(Ct);
        await us.WaitAsync(s => s is ConnectionState.Connecting { Failures: >= 2, LastError: not null }, Ct);
        Assert.Empty(_whatsApp.Recorder.Stanzas);
    }

    private LinkedAccount Account(ProxyAddress proxy) => _us = new(_whatsApp, _whatsApp.AddAccount("5511900000099", "Shop"), o => o with { Proxy = proxy });
}
