using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Wire;
using Footbridge.SystemTests.Engine;

namespace Footbridge.SystemTests.Interop;

/// <summary>Clients nobody here wrote are linked by code with our phone, which shares the codes' cryptography with our engine.</summary>
public sealed class LinkCodeInteropTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(60));
    private WhatsAppSimulator _whatsApp = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync() => _whatsApp = await WhatsAppSimulator.StartAsync(new(), TimeProvider.System, Ct);

    public async ValueTask DisposeAsync()
    {
        await _whatsApp.DisposeAsync();
        _timeout.Dispose();
    }

    [Theory]
    [MemberData(nameof(NpmHost.Names), MemberType = typeof(NpmHost))]
    public async Task A_client_is_linked_by_its_code_and_can_be_written_to(string name)
    {
        await using var host = NpmHost.Start(name, _whatsApp);
        var ana = await host.LinkByCodeAsync(_whatsApp.AddAccount("5511900000001", "Ana Example"), null, Ct);
        var id = _whatsApp.AddAccount("5511900000002", "Ben Example").SendText(ana.Phone.Number.User, "linked by code");
        Assert.Equal("linked by code", (await ana.WaitMessageAsync(id, Ct))["text"]!.ToString());
    }

    [Fact]
    public async Task Zapo_resumes_with_the_key_it_knows()
    {
        await using var host = NpmHost.Start("zapo", _whatsApp);
        await host.LinkAsync(_whatsApp.AddAccount("5511900000001", "Ana Example"), Ct);
        _whatsApp.KillSockets();
        await UntilAsync(() => _whatsApp.Handshakes.Contains(Handshake.Resumed));
    }

    [Theory]
    [MemberData(nameof(NpmHost.Names), MemberType = typeof(NpmHost))]
    public async Task A_code_that_the_operator_chose_links_a_client(string name)
    {
        await using var host = NpmHost.Start(name, _whatsApp);
        await host.LinkByCodeAsync(_whatsApp.AddAccount("5511900000001", "Ana Example"), "FTBR1DGE", Ct);
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        while (!condition()) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
    }
}
