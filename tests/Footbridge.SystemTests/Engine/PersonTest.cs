using Footbridge.Engine;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Engine;

/// <summary>Our engine and one customer, for tests about people.</summary>
public abstract class PersonTest : IAsyncLifetime
{
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(30));

    internal WhatsAppSimulator WhatsApp { get; private set; } = null!;

    internal FakePhone Customer { get; private set; } = null!;

    internal LinkedAccount Us { get; private set; } = null!;

    protected CancellationToken Ct => _timeout.Token;

    protected virtual WaClientOptions Configure(WaClientOptions options) => options;

    public async ValueTask InitializeAsync()
    {
        WhatsApp = await WhatsAppSimulator.StartAsync(new(), TimeProvider.System, Ct);
        Customer = WhatsApp.AddAccount("5511900000001", "Ana Example");
        Us = new(WhatsApp, WhatsApp.AddAccount("5511900000099", "Shop"), Configure);
        await Us.PairAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await Us.DisposeAsync();
        await WhatsApp.DisposeAsync();
        _timeout.Dispose();
        GC.SuppressFinalize(this);
    }

    internal async Task<PhoneMessage> SendAsync(string text)
    {
        await Us.Client.SendTextAsync(new(MessageIds.Random(), Customer.Number, text), Ct);
        return await Customer.Incoming.ReadAsync(Ct);
    }

    /// <summary>How many queries of a namespace that hold a child have left us.</summary>
    internal int Queries(string xmlns, Func<Node, bool> matches) =>
        WhatsApp.Recorder.Stanzas.Count(s => s.IsFromClient && s.Node.Tag == "iq" && s.Node["xmlns"] == xmlns && matches(s.Node));

    /// <summary>Sends us something of the server's own, and waits until we have acknowledged it.</summary>
    internal async Task PushAsync(Node stanza)
    {
        WhatsApp.Push(Us.Client.Me!.Phone, stanza);
        await WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "ack" && s.Node["id"] == stanza["id"], Ct);
    }
}
