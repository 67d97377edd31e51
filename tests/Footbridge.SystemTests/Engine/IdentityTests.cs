using Footbridge.Engine.Events;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp;

namespace Footbridge.SystemTests.Engine;

/// <summary>Who is who: phones, LIDs, devices and keys, as they change under a running account.</summary>
public sealed class IdentityTests : PersonTest
{
    [Fact]
    public async Task A_person_who_takes_another_number_stays_the_same_person_and_loses_no_message()
    {
        var (former, lid) = (Customer.Number, Customer.Lid);
        Customer.SendText(Us.Phone.Number.User, "before");
        await Us.Store.WaitAsync<MessageReceived>(m => m.Chat.Phone == former, Ct);
        Customer.People.ChangeNumber("5511900000002");
        var changed = await Us.Store.WaitAsync<NumberChanged>(_ => true, Ct);
        Assert.Equal((former, Customer.Number, lid), (changed.FormerPhone, changed.Phone, changed.Lid));
        var relinked = await Us.Store.WaitAsync<PersonRelinked>(_ => true, Ct);
        Assert.Equal((Customer.Number, lid, former, (Jid?)null), (relinked.Phone, relinked.Lid, relinked.FormerPhone, relinked.FormerLid));

        var id = Customer.SendText(Us.Phone.Number.User, "after");
        var received = await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
        Assert.Equal((Customer.Number, lid), (received.Chat.Phone, received.Chat.Lid));
        Assert.Empty(Us.Store.Events.OfType<MessageWaiting>());
        Assert.Equal(lid, await Us.Client.FindTwinAsync(Customer.Number, Ct));
        Assert.Null(await Us.Client.FindTwinAsync(former, Ct));
        await SendAsync("to the new number");
    }

    [Fact]
    public async Task A_person_with_another_lid_keeps_its_sessions_and_is_told_of_once()
    {
        Customer.SendText(Us.Phone.Number.User, "before");
        await Us.Store.WaitAsync<MessageReceived>(_ => true, Ct);
        var former = Customer.Lid;
        Customer.People.ChangeLid();
        var ids = Enumerable.Range(0, 3).Select(i => Customer.SendText(Us.Phone.Number.User, $"{i}")).ToList();
        await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == ids[^1], Ct);
        Assert.Empty(Us.Store.Events.OfType<MessageWaiting>());
        var relinked = Assert.Single(Us.Store.Events.OfType<PersonRelinked>());
        Assert.Equal((Customer.Lid, former, "Address"), (relinked.Lid, relinked.FormerLid, relinked.Source));
        Assert.Equal(Customer.Lid, await Us.Client.FindTwinAsync(Customer.Number, Ct));
        Assert.Null(await Us.Client.FindTwinAsync(former, Ct));
    }

    [Fact]
    public async Task A_statement_older_than_what_is_known_changes_nothing()
    {
        Customer.SendText(Us.Phone.Number.User, "hello");
        await Us.Store.WaitAsync<MessageReceived>(_ => true, Ct);
        await PushAsync(Node.Of("notification", [("id", "old-1"), ("from", Customer.Number), ("lid", new Jid("199", JidServer.Lid)), ("type", "devices"), ("t", 1_000_000)]));
        Assert.Equal(Customer.Lid, await Us.Client.FindTwinAsync(Customer.Number, Ct));
        Assert.Empty(Us.Store.Events.OfType<PersonRelinked>());
        await Us.RestartAsync(Ct);
        Assert.Equal(Customer.Lid, await Us.Client.FindTwinAsync(Customer.Number, Ct));
    }

    [Fact]
    public async Task A_device_that_comes_or_goes_is_followed_without_asking_for_the_whole_list()
    {
        await SendAsync("to the phone alone");
        var asked = DeviceQueries();
        await using var second = new LinkedAccount(WhatsApp, Customer);
        await second.PairAsync(Ct);
        await WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Device == Us.Client.Me!.Phone && s.Node.Tag == "ack" && s.Node["type"] == "devices", Ct);
        await SendAsync("to both");
        var received = await second.Store.WaitAsync<MessageReceived>(_ => true, Ct);
        Assert.Equal("to both", received.Content.ExtendedTextMessage.Text);
        Assert.Equal(asked, DeviceQueries());

        var seen = WhatsApp.Recorder.Stanzas.Count;
        Customer.People.Unlink(second.Client.Me!.Phone.Device);
        await WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "ack" && s.Node["type"] == "devices" && WhatsApp.Recorder.Stanzas.Skip(seen).Contains(s), Ct);
        await SendAsync("to the phone again");
        Assert.Equal(asked, DeviceQueries());
        var parts = WhatsApp.Recorder.Stanzas.Last(s => s.IsFromClient && s.Node.Tag == "message").Node.Child("participants")!.ChildrenOf("to").Select(p => p.RequiredJid("jid"));
        Assert.DoesNotContain(parts, jid => jid.Device == second.Client.Me!.Phone.Device && jid.IsSameUser(Customer.Lid));
    }

    [Fact]
    public async Task A_list_whose_hash_does_not_fit_the_notification_is_asked_for_again()
    {
        await SendAsync("one");
        var asked = DeviceQueries();
        await PushAsync(Node.Of("notification", [("id", "wrong-1"), ("from", Customer.Number), ("type", "devices"), ("t", DateTimeOffset.MaxValue.ToUnixTimeSeconds())],
            Node.Of("add", [("device_hash", "2:AAAAAAAA")], Node.Of("device", [("jid", Customer.Number.WithDevice(7)), ("key-index", 7)]))));
        await SendAsync("two");
        Assert.Equal(asked + 1, DeviceQueries());
    }

    [Fact]
    public async Task Device_lists_outlive_a_restart()
    {
        await SendAsync("one");
        var asked = DeviceQueries();
        await Us.RestartAsync(Ct);
        await SendAsync("two");
        Assert.Equal(asked, DeviceQueries());
    }

    [Fact]
    public async Task A_new_phone_costs_its_sessions_and_is_given_the_token_again_with_the_old_time()
    {
        await SendAsync("before");
        var first = (await WhatsApp.Recorder.WaitAsync(IsToken, Ct)).Node;
        await WhatsApp.Recorder.WaitAsync(s => !s.IsFromClient && s.Node["id"] == first["id"], Ct);
        await WaitForAsync(async () => await Us.Store.GetAsync(StateKind.TokenIssued, Customer.Lid.User, Ct) is not null);
        Customer.People.TellIdentityChanged();
        var changed = await Us.Store.WaitAsync<IdentityChanged>(_ => true, Ct);
        Assert.Equal((Customer.Number, Customer.Lid, false), (changed.Person.Phone, changed.Person.Lid, changed.IsImplicit));
        var second = (await WhatsApp.Recorder.WaitAsync(s => IsToken(s) && s.Node["id"] != first["id"], Ct)).Node;
        Assert.Equal(TokenOf(first)["t"], TokenOf(second)["t"]);
        Assert.Equal(Customer.Lid, TokenOf(second).JidOf("jid"));
        Assert.Empty(await Us.Store.ListAsync(StateKind.Session, Customer.Lid.User, 10, Ct));
        Assert.Equal("after", (await SendAsync("after")).Text);
    }

    [Fact]
    public async Task A_key_that_changes_in_a_message_is_trusted_and_told()
    {
        await SendAsync("hello");
        var key = Assert.Single(await Us.Store.ListAsync(StateKind.Session, Customer.Lid.User, 10, Ct)).Key;
        var batch = new StoreBatch();
        batch.Put(StateKind.Identity, key, new byte[32]);
        await Us.Store.CommitAsync(batch, Ct);
        Customer.ForgetSessionsWith(Us.Phone.Number.User);
        var id = Customer.SendText(Us.Phone.Number.User, "from new keys");
        await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
        var changed = Assert.Single(Us.Store.Events.OfType<IdentityChanged>());
        Assert.Equal((Customer.Number, true), (changed.Person.Phone, changed.IsImplicit));
    }

    [Fact]
    public async Task A_notification_of_an_unknown_kind_is_acknowledged()
    {
        await PushAsync(Node.Of("notification", [("id", "new-1"), ("from", Jid.Service), ("type", "something_of_next_year"), ("t", 1_700_000_000)]));
        await SendAsync("still here");
    }

    private int DeviceQueries() => Queries("usync", iq => iq.Path("usync", "query", "devices") is not null && iq.Path("usync", "list")!.Children.Any(u => u.JidOf("jid")!.Value.IsSameUser(Customer.Number)));

    private static bool IsToken(RecordedStanza stanza) => stanza.IsFromClient && stanza.Node["xmlns"] == "privacy" && stanza.Node.Child("tokens") is not null;

    private static Node TokenOf(Node iq) => iq.Path("tokens", "token")!;

    private async Task WaitForAsync(Func<Task<bool>> condition)
    {
        while (true)
        {
            var committed = Us.Store.WaitCommitAsync(Ct);
            if (await condition()) return;
            await committed;
        }
    }
}
