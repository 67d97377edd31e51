using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Engine;

public sealed class TextTests() : TwoPeopleTest(30)
{
    [Fact]
    public async Task Texts_cross_both_ways_with_their_quotes_and_receipts()
    {
        var id = Ana.SendText(Us.Phone.Number.User, "hello");
        var received = await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
        Assert.Equal("hello", received.Content.ExtendedTextMessage.Text);
        Assert.Equal((Ana.Number, Ana.Lid), (received.Chat.Phone, received.Chat.Lid));
        Assert.Equal("Ana Example", received.PushName);

        var answerId = MessageIds.Derive("test/1");
        var sent = await Us.Client.SendTextAsync(new(answerId, Ana.Number, "hi", new(id, Ana.Number, "hello")), Ct);
        Assert.Equal(answerId, sent.Id);
        var shown = await Ana.Incoming.ReadAsync(Ct);
        Assert.Equal(("hi", id), (shown.Text, shown.QuotedId));
        await Us.Store.WaitAsync<MessageAcked>(a => a.MessageId == answerId && a.Level == AckLevel.Server, Ct);
        await Us.Store.WaitAsync<MessageAcked>(a => a.MessageId == answerId && a.Level == AckLevel.Device, Ct);
        Ana.MarkRead(shown);
        await Us.Store.WaitAsync<MessageAcked>(a => a.MessageId == answerId && a.Level == AckLevel.Read, Ct);
        await WaitForAsync(Us.Phone, () => Us.Phone.Messages.Any(m => m.Id == answerId && m.IsFromMe));
        await WaitForAsync(Ana, () => Ana.Receipts.Any(r => r.MessageId == id));
    }

    [Fact]
    public async Task A_message_sent_from_the_phone_arrives_as_our_own()
    {
        var id = Us.Phone.SendText(Ana.Number.User, "from the phone");
        var received = await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
        Assert.True(received.IsFromMe);
        Assert.Equal(Ana.Number, received.Chat.Phone);
        Assert.Equal("from the phone", received.Content.ExtendedTextMessage.Text);
    }

    [Fact]
    public async Task Messages_sent_while_away_arrive_once_and_in_order_after_a_restart()
    {
        var ids = new List<string> { Ana.SendText(Us.Phone.Number.User, "0") };
        await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == ids[0], Ct);
        await Us.Client.StopAsync(Ct);
        for (var i = 1; i <= 50; i++) ids.Add(Ana.SendText(Us.Phone.Number.User, $"{i}"));
        await Us.RestartAsync(Ct);
        await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == ids[^1], Ct);
        Assert.Equal(ids, Us.Store.Events.OfType<MessageReceived>().Select(m => m.MessageId));
        Assert.True(Us.Store.Events.OfType<MessageReceived>().Last().IsOffline);
    }

    [Fact]
    public async Task A_message_that_cannot_be_decrypted_is_shown_as_waiting_and_arrives_when_asked_for_again()
    {
        var first = Ana.SendText(Us.Phone.Number.User, "fine");
        await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == first, Ct);
        Ana.ForgetSessionsWith(Us.Phone.Number.User, breakInsteadOfForget: true);
        var id = Ana.SendText(Us.Phone.Number.User, "broken");
        await Us.Store.WaitAsync<MessageWaiting>(m => m.MessageId == id, Ct);
        var received = await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
        Assert.Equal("broken", received.Content.ExtendedTextMessage.Text);
        Assert.Single(Us.Store.Events.OfType<MessageWaiting>(), m => m.MessageId == id);
    }

    [Fact]
    public async Task A_device_that_lost_its_session_gets_our_message_again()
    {
        await Us.Client.SendTextAsync(new("3EB0000000000000000001", Ana.Number, "one"), Ct);
        await Ana.Incoming.ReadAsync(Ct);
        Ana.ForgetSessionsWith(Us.Phone.Number.User);
        await Us.Client.SendTextAsync(new("3EB0000000000000000002", Ana.Number, "two"), Ct);
        Assert.Equal("two", (await Ana.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task Stanzas_delivered_twice_give_one_message()
    {
        WhatsApp.Faults.ToClient = (_, node) => node.Tag == "message" ? new Fault.Duplicate() : null;
        var ids = Enumerable.Range(0, 20).Select(i => Ana.SendText(Us.Phone.Number.User, $"{i}")).ToList();
        await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == ids[^1], Ct);
        Assert.Equal(ids, Us.Store.Events.OfType<MessageReceived>().Select(m => m.MessageId));
    }

    [Fact]
    public async Task Sockets_that_break_again_and_again_lose_double_and_reorder_nothing()
    {
        var ids = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            ids.Add(Ana.SendText(Us.Phone.Number.User, $"{i}"));
            if (i % 8 != 7) continue;
            Us.ForgetStates();
            WhatsApp.KillSockets();
            await Us.WaitAsync(s => s is Footbridge.Engine.ConnectionState.Online, Ct);
        }

        await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == ids[^1], Ct);
        Assert.Equal(ids, Us.Store.Events.OfType<MessageReceived>().Select(m => m.MessageId));
    }

    [Fact]
    public async Task Single_bytes_on_the_wire_make_no_difference()
    {
        WhatsApp.Faults.SendsSingleBytes = true;
        var id = Ana.SendText(Us.Phone.Number.User, "slow");
        await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
    }

    [Fact]
    public async Task A_message_whose_ack_is_lost_is_sent_again_with_the_same_id_and_arrives_once()
    {
        var lost = 0;
        WhatsApp.Faults.ToClient = (_, node) => node.Tag == "ack" && node["class"] == "message" && Interlocked.Exchange(ref lost, 1) == 0 ? new Fault.KillSocket() : null;
        var id = MessageIds.Derive("test/lost-ack");
        await Assert.ThrowsAsync<NotOnlineException>(() => Us.Client.SendTextAsync(new(id, Ana.Number, "once"), Ct));
        await Us.Store.WaitAsync<MessageAcked>(a => a.MessageId == id && a.Level == AckLevel.Server, Ct);
        await Us.Client.SendTextAsync(new(id, Ana.Number, "once"), Ct);
        await Us.Client.SendTextAsync(new(MessageIds.Derive("test/after"), Ana.Number, "after"), Ct);
        Assert.Equal("once", (await Ana.Incoming.ReadAsync(Ct)).Text);
        Assert.Equal("after", (await Ana.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task A_number_that_is_not_on_whatsapp_is_refused_and_one_that_is_is_found()
    {
        await Assert.ThrowsAsync<SendFailedException>(() => Us.Client.SendTextAsync(new(MessageIds.Random(), new Jid("5511999999990", JidServer.User), "x"), Ct));
        Assert.Null(await Us.Client.FindAccountAsync("5511999999990", Ct));
        var found = await Us.Client.FindAccountAsync(Ana.Number.User, Ct);
        Assert.Equal(Ana.Lid, found!.Value.Lid);
        Assert.Equal(Ana.Lid, await Us.Client.FindTwinAsync(Ana.Number, Ct));
    }

    [Fact]
    public async Task A_failing_disk_ends_the_account_and_acknowledges_nothing()
    {
        Us.Phone.SendsDeliveryReceipts = false;
        Us.Store.FailFrom = Us.Store.Commits;
        var id = Ana.SendText(Us.Phone.Number.User, "not stored");
        await Us.WaitAsync(s => s is Footbridge.Engine.ConnectionState.Failed { Reason: Footbridge.Engine.DisconnectReason.StorageFailed }, Ct);
        Assert.DoesNotContain(Ana.Receipts, r => r.MessageId == id);
        Us.Store.FailFrom = int.MaxValue;
        await Us.RestartAsync(Ct);
        await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
    }
}
