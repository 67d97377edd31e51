using Footbridge.Engine;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp;

namespace Footbridge.SystemTests.Engine;

public sealed class LinkCodeTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(30));
    private WhatsAppSimulator _whatsApp = null!;
    private LinkedAccount _us = null!;

    private CancellationToken Ct => _timeout.Token;

    private string Number => _us.Phone.Number.User;

    public async ValueTask InitializeAsync()
    {
        _whatsApp = await WhatsAppSimulator.StartAsync(new(), TimeProvider.System, Ct);
        _us = new(_whatsApp, _whatsApp.AddAccount("5511900000099", "Shop"));
        await _us.Client.StartAsync(Ct);
        await ShowsQrAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _us.DisposeAsync();
        await _whatsApp.DisposeAsync();
        _timeout.Dispose();
    }

    [Fact]
    public async Task A_code_typed_on_the_phone_links_the_device_and_it_logs_in_again_after_a_restart()
    {
        await _us.Phone.TypeCodeAsync(await _us.Client.RequestLinkCodeAsync(Number, null, Ct), Ct);
        await _us.WaitAsync(s => s is ConnectionState.Online, Ct);
        Assert.Equal(Number, _us.Client.Me!.Phone.User);
        await _us.RestartAsync(Ct);
    }

    [Fact]
    public async Task A_code_of_ones_own_is_taken_and_the_last_one_asked_for_counts()
    {
        await _us.Client.RequestLinkCodeAsync(Number, null, Ct);
        Assert.Equal("ABCD1234", await _us.Client.RequestLinkCodeAsync(Number, "abcd-1234", Ct));
        await _us.Phone.TypeCodeAsync("ABCD-1234", Ct);
        await _us.WaitAsync(s => s is ConnectionState.Online, Ct);
    }

    [Fact]
    public async Task A_wrong_code_links_nothing_and_the_qr_code_still_does()
    {
        await _us.Client.RequestLinkCodeAsync(Number, "ABCD1234", Ct);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => _us.Phone.TypeCodeAsync("ABCD1235", Ct));
        Assert.Contains("another code", refused.Message, StringComparison.Ordinal);
        await _us.Phone.PairAsync(await ShowsQrAsync(), Ct);
        await _us.WaitAsync(s => s is ConnectionState.Online, Ct);
    }

    [Fact]
    public async Task A_phone_that_answers_for_another_reference_is_not_believed()
    {
        await _us.Client.RequestLinkCodeAsync(Number, "ABCD1234", Ct);
        _whatsApp.Faults.ToClient = (_, node) => node.Child("link_code_companion_reg")?["stage"] == "primary_hello" ? new Fault.Duplicate() : null;
        await _us.Phone.TypeCodeAsync("ABCD1234", Ct);
        await _us.WaitAsync(s => s is ConnectionState.Online, Ct);
        Assert.Single(_whatsApp.Recorder.Stanzas, s => s.IsFromClient && s.Node.Child("link_code_companion_reg")?["stage"] == "companion_finish");
    }

    [Fact]
    public async Task Wrong_numbers_and_codes_and_the_wrong_moment_are_refused()
    {
        foreach (var number in new[] { "", "0551190", "+5511900000099", "55119000000990000" })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => _us.Client.RequestLinkCodeAsync(number, null, Ct));
        }

        await Assert.ThrowsAsync<ArgumentException>(() => _us.Client.RequestLinkCodeAsync(Number, "ABC", Ct));
        Assert.Equal(400, (await Assert.ThrowsAsync<QueryFailedException>(() => _us.Client.RequestLinkCodeAsync("5511900000000", null, Ct))).Code);
        await _us.Phone.PairAsync(await ShowsQrAsync(), Ct);
        await _us.WaitAsync(s => s is ConnectionState.Online, Ct);
        await Assert.ThrowsAsync<NotOnlineException>(() => _us.Client.RequestLinkCodeAsync(Number, null, Ct));
    }

    private async Task<string> ShowsQrAsync() => ((ConnectionState.WaitingForScan)await _us.WaitAsync(s => s is ConnectionState.WaitingForScan, Ct)).Qr;
}
