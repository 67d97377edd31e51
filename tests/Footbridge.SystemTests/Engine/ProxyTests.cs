using Footbridge.Engine;
using Footbridge.Engine.Events;
using Footbridge.Engine.Media;
using Footbridge.Protocol.Media;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Engine;

public sealed class ProxyTests : IAsyncLifetime
{
    private static readonly byte[] File = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3];
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

    [Theory]
    [InlineData("")]
    [InlineData("socks5://")]
    public async Task Files_go_through_the_proxy_and_nowhere_when_it_is_gone(string scheme)
    {
        var proxy = TestProxy.Start();
        var address = ProxyAddress.Parse($"{scheme}127.0.0.1:{proxy.Port}");
        using var handler = MediaTrust.Handler(_whatsApp);
        handler.Proxy = address;
        var us = Account(address, handler);
        await us.PairAsync(Ct);
        var ana = _whatsApp.AddAccount("5511900000001", "Ana Example");
        var (first, second) = (await ReceiveFileAsync(us, ana), await ReceiveFileAsync(us, ana));
        using var opened = new MemoryStream();
        await us.Client.Media.DownloadAsync(first, opened, Ct);
        await us.Client.Media.UploadAsync(MediaKind.Image, new MemoryStream(File), Ct);
        Assert.Equal(File, opened.ToArray());
        Assert.Contains(_whatsApp.Media.Authority, proxy.Targets);
        Assert.Empty(_whatsApp.Peers.Except(proxy.Ports));

        await proxy.DisposeAsync();
        var peers = _whatsApp.Peers;
        await Assert.ThrowsAsync<MediaFailedException>(() => us.Client.Media.DownloadAsync(second, new MemoryStream(), Ct));
        await us.WaitAsync(s => s is ConnectionState.Connecting { Failures: >= 2, LastError: not null }, Ct);
        await Assert.ThrowsAnyAsync<Exception>(() => us.Client.Media.UploadAsync(MediaKind.Image, new MemoryStream(File), Ct));
        Assert.Equal(peers, _whatsApp.Peers);
    }

    [Fact]
    public async Task Without_a_handler_of_its_own_an_account_asks_the_proxy_for_the_media_host()
    {
        await using var proxy = TestProxy.Start();
        var us = Account(ProxyAddress.Parse($"127.0.0.1:{proxy.Port}"));
        await us.PairAsync(Ct);
        // The simulated host's certificate is nobody's.
        await Assert.ThrowsAsync<MediaFailedException>(() => us.Client.Media.UploadAsync(MediaKind.Image, new MemoryStream(File), Ct));
        Assert.Contains(_whatsApp.Media.Authority, proxy.Targets);
        Assert.Empty(_whatsApp.Peers.Except(proxy.Ports));
    }

    private async Task<ArrivedMedia> ReceiveFileAsync(LinkedAccount us, FakePhone from)
    {
        var id = from.Media.SendImage(us.Phone.Number.User, File);
        return ArrivedMedia.Of(await us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct))!;
    }

    private async Task RefusedAsync(ProxyAddress proxy)
    {
        var us = Account(proxy);
        await us.Client.StartAsync(Ct);
        await us.WaitAsync(s => s is ConnectionState.Connecting { Failures: >= 2, LastError: not null }, Ct);
        Assert.Empty(_whatsApp.Recorder.Stanzas);
    }

    private LinkedAccount Account(ProxyAddress proxy, HttpMessageHandler? media = null) => _us = new(
        _whatsApp, _whatsApp.AddAccount("5511900000099", "Shop"),
        o => o with { Proxy = proxy, MediaHandler = media, Media = o.Media with { FallbackHosts = [], RetryDelay = TimeSpan.FromMilliseconds(1) } });
}
