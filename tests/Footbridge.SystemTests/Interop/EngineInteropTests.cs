using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;
using Footbridge.SystemTests.Engine;

namespace Footbridge.SystemTests.Interop;

/// <summary>Clients nobody here wrote talk to our engine, through our simulator, encrypted end to end.</summary>
public sealed class EngineInteropTests : TwoPeopleTest
{
    private const int Texts = 200;

    /// <remarks>
    /// The order is asserted on the wire. What a client tells of can differ by its own doing: baileys handles what waited offline beside what
    /// comes live, and zapo handles eight stanzas at once. And the sockets break when the client has confirmed all it has: baileys decrypts
    /// a message, fails to send the receipt on the broken socket and drops the message; zapo asks again for a message it has shown already.
    /// </remarks>
    [Theory]
    [MemberData(nameof(NpmHost.Names), MemberType = typeof(NpmHost))]
    public async Task Two_hundred_texts_to_a_client_arrive_once_and_in_order_across_a_reconnect(string name)
    {
        await using var host = NpmHost.Start(name, WhatsApp);
        var client = await host.LinkAsync(Ana, Ct);
        var sent = new List<string>();
        for (var i = 0; i < Texts; i++)
        {
            if (i == Texts / 2)
            {
                foreach (var id in sent) await WhatsApp.Recorder.WaitAsync(s => IsAckOfReceipt(s, client, id), Ct);
                WhatsApp.KillSockets();
            }

            sent.Add(await SendUntilAckedAsync(MessageIds.Derive($"{name}/{i}"), $"from us {i}"));
        }

        await Arrivals.AssertAllAsync(WhatsApp, client, sent, "from us", Ct);
        Proof.Record("text", name, Direction.FromUs);
    }

    [Theory]
    [MemberData(nameof(NpmHost.Names), MemberType = typeof(NpmHost))]
    public async Task Two_hundred_texts_from_a_client_arrive_once_and_in_order_across_a_restart(string name)
    {
        await using var host = NpmHost.Start(name, WhatsApp);
        var client = await host.LinkAsync(Ana, Ct);
        var sent = new List<string>();
        for (var i = 0; i < Texts; i++)
        {
            sent.Add(await client.SendTextAsync(Us.Phone.Number.User, $"from {name} {i}", null, Ct));
            if (i == Texts / 2) await Us.RestartAsync(Ct);
        }

        await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == sent[^1], Ct);
        var received = Us.Store.Events.OfType<MessageReceived>().Select(m => (m.MessageId, m.Content.ExtendedTextMessage?.Text ?? m.Content.Conversation));
        Assert.Equal(sent.Select((id, i) => (id, $"from {name} {i}")), received);
        Proof.Record("text", name, Direction.ToUs);
    }

    [Theory]
    [MemberData(nameof(NpmHost.Names), MemberType = typeof(NpmHost))]
    public async Task Quotes_and_receipts_cross_both_ways(string name)
    {
        Ana.SendsDeliveryReceipts = false;
        await using var host = NpmHost.Start(name, WhatsApp);
        var client = await host.LinkAsync(Ana, Ct);
        var question = await client.SendTextAsync(Us.Phone.Number.User, "question", null, Ct);
        await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == question, Ct);
        await client.WaitReceiptAsync(question, "delivered", Ct);
        await Us.Client.MarkReadAsync(Ana.Number, [question], Ct);
        await client.WaitReceiptAsync(question, "read", Ct);

        var answer = MessageIds.Random();
        await Us.Client.SendTextAsync(new(answer, Ana.Number, "answer", new(question, Ana.Number, "question")), Ct);
        var shown = await client.WaitTextAsync("answer", Ct);
        Assert.Equal(question, shown["quotedId"]!.ToString());
        await Us.Store.WaitAsync<MessageAcked>(a => a.MessageId == answer && a.Level == AckLevel.Device, Ct);
        await client.ReadAsync(Us.Phone.Number.User, answer, Ct);
        await Us.Store.WaitAsync<MessageAcked>(a => a.MessageId == answer && a.Level == AckLevel.Read, Ct);

        var reply = await client.SendTextAsync(Us.Phone.Number.User, "reply", answer, Ct);
        var received = await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == reply, Ct);
        Assert.Equal(answer, received.Content.ExtendedTextMessage.ContextInfo.StanzaId);
        Proof.RecordBoth("quote", name);
        Proof.RecordBoth("delivered and read receipts", name);
    }

    [Theory]
    [MemberData(nameof(NpmHost.Names), MemberType = typeof(NpmHost))]
    public async Task A_session_lost_at_either_end_costs_a_retry_and_no_message(string name)
    {
        await using var host = NpmHost.Start(name, WhatsApp);
        var client = await host.LinkAsync(Ana, Ct);
        await SendUntilAckedAsync(MessageIds.Random(), "before");
        await client.WaitTextAsync("before", Ct);
        var before = await client.SendTextAsync(Us.Phone.Number.User, "hello", null, Ct);
        await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == before, Ct);
        await SendUntilAckedAsync(MessageIds.Random(), "settled");
        await client.WaitTextAsync("settled", Ct);

        await client.ForgetSessionsAsync(Ct);
        var unread = await SendUntilAckedAsync(MessageIds.Random(), "they lost the session");
        await client.WaitMessageAsync(unread, Ct);
        Assert.Contains(WhatsApp.Recorder.Stanzas, s => s.IsFromClient && s.Device == client.Device && IsRetryRequest(s, unread));

        // Baileys 6 has sessions of its own for numbers: this makes the one that is lost next.
        var again = await client.SendTextAsync(Us.Phone.Number.User, "hello again", null, Ct);
        await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == again, Ct);
        await Us.RestartAsync(Ct, () => Us.Store.DeleteAll(StateKind.Session));
        var lost = await client.SendTextAsync(Us.Phone.Number.User, "we lost the session", null, Ct);
        await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == lost, Ct);
        Assert.Contains(WhatsApp.Recorder.Stanzas, s => s.IsFromClient && s.Device == Us.Client.Me!.Phone && IsRetryRequest(s, lost));
        Assert.Single(Us.Store.Events.OfType<MessageReceived>(), m => m.MessageId == lost);
        Assert.Single(client.Received, m => m.Id == unread);
        Proof.RecordBoth("retry after a lost session", name);
    }

    [Fact]
    public async Task Baileys_and_zapo_understand_each_other_through_the_simulator()
    {
        var ben = WhatsApp.AddAccount("5511900000002", "Ben Example");
        await using var first = NpmHost.Start("baileys", WhatsApp);
        // Baileys writes to the number, and zapo finds only the session of the address it is written to from.
        await using var second = NpmHost.Start("zapo", WhatsApp, writesToNumbers: true);
        var baileys = await first.LinkAsync(Ana, Ct);
        var zapo = await second.LinkAsync(ben, Ct);
        var (toZapo, toBaileys) = (new List<string>(), new List<string>());
        for (var i = 0; i < 50; i++)
        {
            toZapo.Add(await baileys.SendTextAsync(ben.Number.User, $"to zapo {i}", null, Ct));
            toBaileys.Add(await zapo.SendTextAsync(Ana.Number.User, $"to baileys {i}", null, Ct));
        }

        await Arrivals.AssertAllAsync(WhatsApp, zapo, toZapo, "to zapo", Ct);
        await Arrivals.AssertAllAsync(WhatsApp, baileys, toBaileys, "to baileys", Ct);
    }

    private static bool IsAckOfReceipt(RecordedStanza stanza, NpmClient client, string id) =>
        !stanza.IsFromClient && stanza.Device == client.Device && stanza.Node.Tag == "ack" && stanza.Node["class"] == "receipt" && stanza.Node["id"] == id;

    private static bool IsRetryRequest(RecordedStanza stanza, string id) => stanza.Node.Tag == "receipt" && stanza.Node["type"] == "retry" && stanza.Node["id"] == id;

    /// <summary>What the bridge's job does: the same id again until WhatsApp has it.</summary>
    private async Task<string> SendUntilAckedAsync(string id, string text)
    {
        while (true)
        {
            try
            {
                return (await Us.Client.SendTextAsync(new(id, Ana.Number, text), Ct)).Id;
            }
            catch (NotOnlineException)
            {
                await Us.WaitAsync(s => s is Footbridge.Engine.ConnectionState.Online, Ct);
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
            }
        }
    }
}
