using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;
using Footbridge.SystemTests.Engine;

namespace Footbridge.SystemTests.Interop;

/// <summary>A thousand messages wait at the server for our engine, or for a client nobody here wrote.</summary>
public sealed class CatchUpInteropTests() : TwoPeopleTest(240)
{
    private const int Texts = 1_000;

    [Theory]
    [MemberData(nameof(NpmHost.Names), MemberType = typeof(NpmHost))]
    public async Task A_thousand_texts_written_while_we_were_away_arrive_once_and_in_order(string name)
    {
        await using var host = NpmHost.Start(name, WhatsApp);
        var client = await host.LinkAsync(Ana, Ct);
        var sent = new List<string>();
        await Us.RestartAsync(
            async () =>
            {
                for (var i = 0; i < Texts; i++) sent.Add(await client.SendTextAsync(Us.Phone.Number.User, $"from {name} {i}", null, Ct));
                await WhatsApp.Recorder.WaitAsync(s => IsAckOf(s, client, sent[^1]), Ct);
                Assert.Empty(Us.Store.Events.OfType<MessageReceived>());
            },
            Ct);

        await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == sent[^1], Ct);
        var received = Us.Store.Events.OfType<MessageReceived>().Select(m => (m.MessageId, m.Content.ExtendedTextMessage?.Text ?? m.Content.Conversation));
        Assert.Equal(sent.Select((id, i) => (id, $"from {name} {i}")), received);
        Proof.Record("1,000 messages that waited offline", name, Direction.ToUs);
    }

    [Theory]
    [MemberData(nameof(NpmHost.Names), MemberType = typeof(NpmHost))]
    public async Task A_thousand_texts_written_while_a_client_was_away_arrive_once_and_in_order(string name)
    {
        await using var host = NpmHost.Start(name, WhatsApp);
        var client = await host.LinkAsync(Ana, Ct);
        await client.GoAwayAsync(Ct);
        await WhatsApp.FindDevice(client.Device)!.WaitGoneAsync(Ct);
        var sent = new List<string>();
        for (var i = 0; i < Texts; i++) sent.Add((await Us.Client.SendTextAsync(new(MessageIds.Random(), Ana.Number, $"from us {i}"), Ct)).Id);
        Assert.Empty(client.Received);
        await client.ComeBackAsync(Ct);
        await Arrivals.AssertAllAsync(WhatsApp, client, sent, "from us", Ct);
        Proof.Record("1,000 messages that waited offline", name, Direction.FromUs);
    }

    private static bool IsAckOf(RecordedStanza stanza, NpmClient client, string id) =>
        !stanza.IsFromClient && stanza.Device == client.Device && stanza.Node.Tag == "ack" && stanza.Node["class"] == "message" && stanza.Node["id"] == id;
}
