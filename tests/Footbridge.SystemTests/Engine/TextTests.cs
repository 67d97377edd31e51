using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Engine;

public sealed class TextTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _timeout = new(Patience);
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

    [Fact]
    public async Task Texts_cross_both_ways_with_their_quotes_and_receipts()
    {
        var id = _customer.SendText(_us.Phone.Number.User, "hello");
        var received = await _us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
        Assert.Equal("hello", received.Content.ExtendedTextMessage.Text);
        Assert.Equal((_customer.Number, _customer.Lid), (received.Chat.Phone, received.Chat.Lid));
        Assert.Equal("Ana Example", received.PushName);

        var answerId = MessageIds.Derive("test/1");
        var sent = await _us.Client.SendTextAsync(new(answerId, _customer.Number, "hi", new(id, _customer.Number, "hello")), Ct);
        Assert.Equal(answerId, sent.Id);
        var shown = await _customer.Incoming.ReadAsync(Ct);
        Assert.Equal(("hi", id), (shown.Text, shown.QuotedId));
        await _us.Store.WaitAsync<MessageAcked>(a => a.MessageId == answerId && a.Level == AckLevel.Server, Ct);
        await _us.Store.WaitAsync<MessageAcked>(a => a.MessageId == answerId && a.Level == AckLevel.Device, Ct);
        _customer.MarkRead(shown);
        await _us.Store.WaitAsync<MessageAcked>(a => a.MessageId == answerId && a.Level == AckLevel.Read, Ct);
        await WaitForAsync(_us.Phone, () => _us.Phone.Messages.Any(m => m.Id == answerId && m.IsFromMe));
        await WaitForAsync(_customer, () => _customer.Receipts.Any(r => r.MessageId == id));
    }

    [Fact]
    public async Task A_message_sent_from_the_phone_arrives_as_our_own()
    {
        var id = _us.Phone.SendText(_customer.Number.User, "from the phone");
        var received = await _us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
        Assert.True(received.IsFromMe);
        Assert.Equal(_customer.Number, received.Chat.Phone);
        Assert.Equal("from the phone", received.Content.ExtendedTextMessage.Text);
    }

    [Fact]
    public async Task Messages_sent_while_away_arrive_once_and_in_order_after_a_restart()
    {
        var ids = new List<string> { _customer.SendText(_us.Phone.Number.User, "0") };
        await _us.Store.WaitAsync<MessageReceived>(m => m.MessageId == ids[0], Ct);
        await _us.Client.StopAsync(Ct);
        for (var i = 1; i <= 50; i++) ids.Add(_customer.SendText(_us.Phone.Number.User, $"{i}"));
        await _us.RestartAsync(Ct);
        await _us.Store.WaitAsync<MessageReceived>(m => m.MessageId == ids[^1], Ct);
        Assert.Equal(ids, _us.Store.Events.OfType<MessageReceived>().Select(m => m.MessageId));
        Assert.True(_us.Store.Events.OfType<MessageReceived>().Last().IsOffline);
    }

    [Fact]
    public async Task A_message_that_cannot_be_decrypted_is_shown_as_waiting_and_arrives_when_asked_for_again()
    {
        var first = _customer.SendText(_us.Phone.Number.User, "fine");
        await _us.Store.WaitAsync<MessageReceived>(m => m.MessageId == first, Ct);
        _customer.ForgetSessionsWith(_us.Phone.Number.User, breakInsteadOfForget: true);
        var id = _customer.SendText(_us.Phone.Number.User, "broken");
        await _us.Store.WaitAsync<MessageWaiting>(m => m.MessageId == id, Ct);
        var received = await _us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
        Assert.Equal("broken", received.Content.ExtendedTextMessage.Text);
        Assert.Single(_us.Store.Events.OfType<MessageWaiting>(), m => m.MessageId == id);
    }

    [Fact]
    public async Task A_device_that_lost_its_session_gets_our_message_again()
    {
        await _us.Client.SendTextAsync(new("3EB0000000000000000001", _customer.Number, "one"), Ct);
        await _customer.Incoming.ReadAsync(Ct);
        _customer.ForgetSessionsWith(_us.Phone.Number.User);
        await _us.Client.SendTextAsync(new("3EB0000000000000000002", _customer.Number, "two"), Ct);
        Assert.Equal("two", (await _customer.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task Stanzas_delivered_twice_give_one_message()
    {
        _whatsApp.Faults.ToClient = (_, node) => node.Tag == "message" ? new Fault.Duplicate() : null;
        var ids = Enumerable.Range(0, 20).Select(i => _customer.SendText(_us.Phone.Number.User, $"{i}")).ToList();
        await _us.Store.WaitAsync<MessageReceived>(m => m.MessageId == ids[^1], Ct);
        Assert.Equal(ids, _us.Store.Events.OfType<MessageReceived>().Select(m => m.MessageId));
    }

    [Fact]
    public async Task Sockets_that_break_again_and_again_lose_double_and_reorder_nothing()
    {
        var ids = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            ids.Add(_customer.SendText(_us.Phone.Number.User, $"{i}"));
            if (i % 8 != 7) continue;
            _us.ForgetStates();
            _whatsApp.KillSockets();
            await _us.WaitAsync(s => s is Footbridge.Engine.ConnectionState.Online, Ct);
        }

        await _us.Store.WaitAsync<MessageReceived>(m => m.MessageId == ids[^1], Ct);
        Assert.Equal(ids, _us.Store.Events.OfType<MessageReceived>().Select(m => m.MessageId));
    }

    [Fact]
    public async Task Single_bytes_on_the_wire_make_no_difference()
    {
        _whatsApp.Faults.SendsSingleBytes = true;
        var id = _customer.SendText(_us.Phone.Number.User, "slow");
        await _us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
    }

    [Fact]
    public async Task A_message_whose_ack_is_lost_is_sent_again_with_the_same_id_and_arrives_once()
    {
        var lost = 0;
        _whatsApp.Faults.ToClient = (_, node) => node.Tag == "ack" && node["class"] == "message" && Interlocked.Exchange(ref lost, 1) == 0 ? new Fault.KillSocket() : null;
        var id = MessageIds.Derive("test/lost-ack");
        await Assert.ThrowsAsync<NotOnlineException>(() => _us.Client.SendTextAsync(new(id, _customer.Number, "once"), Ct));
        await _us.Store.WaitAsync<MessageAcked>(a => a.MessageId == id && a.Level == AckLevel.Server, Ct);
        await _us.Client.SendTextAsync(new(id, _customer.Number, "once"), Ct);
        await _us.Client.SendTextAsync(new(MessageIds.Derive("test/after"), _customer.Number, "after"), Ct);
        Assert.Equal("once", (await _customer.Incoming.ReadAsync(Ct)).Text);
        Assert.Equal("after", (await _customer.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task A_number_that_is_not_on_whatsapp_is_refused_and_one_that_is_is_found()
    {
        await Assert.ThrowsAsync<SendFailedException>(() => _us.Client.SendTextAsync(new(MessageIds.Random(), new Jid("5511999999990", JidServer.User), "x"), Ct));
        Assert.Null(await _us.Client.FindAccountAsync("5511999999990", Ct));
        var found = await _us.Client.FindAccountAsync(_customer.Number.User, Ct);
        Assert.Equal(_customer.Lid, found!.Value.Lid);
        Assert.Equal(_customer.Lid, await _us.Client.FindTwinAsync(_customer.Number, Ct));
    }

    [Fact]
    public async Task A_failing_disk_ends_the_account_and_acknowledges_nothing()
    {
        _us.Phone.SendsDeliveryReceipts = false;
        _us.Store.FailFrom = _us.Store.Commits;
        var id = _customer.SendText(_us.Phone.Number.User, "not stored");
        await _us.WaitAsync(s => s is Footbridge.Engine.ConnectionState.Failed { Reason: Footbridge.Engine.DisconnectReason.StorageFailed }, Ct);
        Assert.DoesNotContain(_customer.Receipts, r => r.MessageId == id);
        _us.Store.FailFrom = int.MaxValue;
        await _us.RestartAsync(Ct);
        await _us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
    }

    private async Task WaitForAsync(FakePhone phone, Func<bool> condition)
    {
        var changed = new SemaphoreSlim(0);
        phone.Changed += () => changed.Release();
        while (!condition()) await changed.WaitAsync(Ct);
    }
}
