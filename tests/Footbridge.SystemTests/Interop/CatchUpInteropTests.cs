using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;
using Footbridge.SystemTests.Engine;

namespace Footbridge.SystemTests.Interop;

/// <summary>A thousand messages wait at the server for our engine, or for a client nobody here wrote.</summary>
public sealed class CatchUpInteropTests : IAsyncLifetime
{
    private const int Texts = 1_000;
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(240));
    private WhatsAppSimulator _whatsApp = null!;
    private FakePhone _customer = null!;
    private LinkedAccount _us = null!;

    private CancellationToken Ct => _timeout.Token;

    public async ValueTask InitializeAsync()
    {
        _whatsApp = await WhatsAppSimulator.StartAsync(new(), TimeProvider.System, Ct);
        _customer = _whatsApp.AddAccount("5511900000001", "Ana Example");
        _us = new(_whatsApp, _whatsApp.AddAccount("5511900000099", "Shop"));
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
    public async Task A_thousand_texts_written_while_we_were_away_arrive_once_and_in_order(string name)
    {
        await using var host = NpmHost.Start(name, _whatsApp);
        var client = await host.LinkAsync(_customer, Ct);
        var sent = new List<string>();
        await _us.RestartAsync(
            async () =>
            {
                for (var i = 0; i < Texts; i++) sent.Add(await client.SendTextAsync(_us.Phone.Number.User, $"from {name} {i}", null, Ct));
                await _whatsApp.Recorder.WaitAsync(s => IsAckOf(s, client, sent[^1]), Ct);
                Assert.Empty(_us.Store.Events.OfType<MessageReceived>());
            },
            Ct);

        await _us.Store.WaitAsync<MessageReceived>(m => m.MessageId == sent[^1], Ct);
        var received = _us.Store.Events.OfType<MessageReceived>().Select(m => (m.MessageId, m.Content.ExtendedTextMessage?.Text ?? m.Content.Conversation));
        Assert.Equal(sent.Select((id, i) => (id, $"from {name} {i}")), received);
        Proof.Record("1,000 messages that waited offline", name, Direction.ToUs);
    }

    [Theory]
    [MemberData(nameof(NpmHost.Names), MemberType = typeof(NpmHost))]
    public async Task A_thousand_texts_written_while_a_client_was_away_arrive_once_and_in_order(string name)
    {
        await using var host = NpmHost.Start(name, _whatsApp);
        var client = await host.LinkAsync(_customer, Ct);
        await client.GoAwayAsync(Ct);
        while (_whatsApp.FindDevice(client.Device)!.IsConnected) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Ct);
        var sent = new List<string>();
        for (var i = 0; i < Texts; i++) sent.Add((await _us.Client.SendTextAsync(new(MessageIds.Random(), _customer.Number, $"from us {i}"), Ct)).Id);
        Assert.Empty(client.Received);
        await client.ComeBackAsync(Ct);
        await Arrivals.AssertAllAsync(_whatsApp, client, sent, "from us", Ct);
        Proof.Record("1,000 messages that waited offline", name, Direction.FromUs);
    }

    private static bool IsAckOf(RecordedStanza stanza, NpmClient client, string id) =>
        !stanza.IsFromClient && stanza.Device == client.Device && stanza.Node.Tag == "ack" && stanza.Node["class"] == "message" && stanza.Node["id"] == id;
}
