using Footbridge.Simulator.WhatsApp;
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

    [Theory]
    [MemberData(nameof(NpmHost.Names), MemberType = typeof(NpmHost))]
    public async Task A_code_that_the_operator_chose_links_a_client(string name)
    {
        await using var host = NpmHost.Start(name, _whatsApp);
        await host.LinkByCodeAsync(_whatsApp.AddAccount("5511900000001", "Ana Example"), "FTBR1DGE", Ct);
    }
}
