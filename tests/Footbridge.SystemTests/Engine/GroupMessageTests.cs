using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Engine.Store;
using Footbridge.Protocol.Messages;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.WhatsApp;
using Google.Protobuf;

namespace Footbridge.SystemTests.Engine;

public sealed class GroupMessageTests : GroupTest
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Texts_cross_in_a_group_both_ways_with_the_sender_under_both_addresses(bool usesLids)
    {
        var group = await MakeGroupAsync(usesLids);
        var received = await ReceiveAsync(Ana.Groups.SendText(group, "hello"));
        Assert.Equal("hello", received.Content.ExtendedTextMessage.Text);
        Assert.Equal((group, Ana.Number, Ana.Lid, "Ana Example"), (received.Chat.Address, received.Sender.Phone, received.Sender.Lid, received.PushName));

        var id = await SendAsync(group, "hi all");
        Assert.Equal(("hi all", group), await Ana.Incoming.ReadAsync(Ct) is var a ? (a.Text, a.Chat) : default);
        Assert.Equal("hello", (await Bia.Incoming.ReadAsync(Ct)).Text);
        var shown = await Bia.Incoming.ReadAsync(Ct);
        Assert.Equal(("hi all", Us.Phone.Number), (shown.Text, shown.Sender));
        Bia.MarkRead(shown);
        var read = await Us.Store.WaitAsync<MessageAcked>(acked => acked.MessageId == id && acked.Level == AckLevel.Read, Ct);
        Assert.Equal((group, Bia.Number, Bia.Lid), (read.Chat.Address, read.Participant.Phone, read.Participant.Lid));
        await WaitForAsync(Us.Phone, () => Us.Phone.Messages.Any(m => m.Id == id && m.IsFromMe));
    }

    [Fact]
    public async Task The_key_is_given_once_and_the_hash_of_the_participants_is_the_servers()
    {
        var group = await MakeGroupAsync();
        for (var i = 0; i < 3; i++) await SendAsync(group, $"{i}");
        var messages = Sent("message").Where(m => m.JidOf("to") == group).ToList();
        int[] keysGiven = [3, 0, 0];
        Assert.Equal(keysGiven, messages.Select(m => m.Child("participants")?.Children.Count ?? 0));
        Assert.All(messages, m => Assert.Equal(("lid", "skmsg"), (m["addressing_mode"], m.Child("enc")?["type"])));
        Assert.DoesNotContain(WhatsApp.Recorder.Stanzas, s => !s.IsFromClient && s.Node.Tag == "ack" && s.Node["phash"] is not null);
        for (var i = 0; i < 3; i++) Assert.Equal($"{i}", (await Bia.Incoming.ReadAsync(Ct)).Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_group_message_can_be_reported_by_a_token_over_the_address_the_group_knows_us_by(bool usesLids)
    {
        var group = await MakeGroupAsync(usesLids);
        var id = await SendAsync(group, "hi all");
        var shown = await Ana.Incoming.ReadAsync(Ct);
        var author = usesLids ? Us.Phone.Lid : Us.Phone.Number;
        var token = Sent("message").Single(m => m["id"] == id).Path("reporting", "reporting_token")!;
        Assert.Equal("2", token["v"]);
        Assert.Equal(ReportingToken.Of(shown.Content.ToByteArray(), shown.Secret, id, author, group), token.ContentBytes);
    }

    [Fact]
    public async Task A_list_and_a_poll_to_a_group_are_marked_as_to_one_person()
    {
        var group = await MakeGroupAsync();
        await Us.Client.SendAsync(new("3EB01", group, MenuContents.List("Menu", null, null, "Choose", [new("Soups", [new("Tomato", "1", null)])])), Ct);
        await Us.Client.SendAsync(new("3EB02", group, PollContents.Poll("Lunch?", ["Soup", "Bread"], false)), Ct);
        var sent = Sent("message").ToDictionary(m => m["id"]!);
        Assert.Equal(("product_list", "creation", null), (sent["3EB01"].Path("biz", "list")?["type"], sent["3EB02"].Child("meta")?["polltype"], sent["3EB02"].Child("biz")));
    }

    [Fact]
    public async Task A_member_who_left_cannot_read_the_next_message_and_the_others_can()
    {
        var group = await MakeGroupAsync();
        await SendAsync(group, "with Bia");
        Assert.Equal("with Bia", (await Bia.Incoming.ReadAsync(Ct)).Text);
        var before = KeyIdOf(Sent("message").Last());
        Bia.Groups.Leave(group);
        await Us.Store.WaitAsync<GroupParticipantsChanged>(c => c.Change == GroupMemberChange.Left && c.Members.Single().Person.Phone == Bia.Number, Ct);
        await SendAsync(group, "without Bia");
        var last = Sent("message").Last();
        Assert.NotEqual(before, KeyIdOf(last));
        Assert.DoesNotContain(last.Child("participants")!.Children, to => to.JidOf("jid")!.Value.IsSameUser(Bia.Lid));
        Assert.Equal("with Bia", (await Ana.Incoming.ReadAsync(Ct)).Text);
        Assert.Equal("without Bia", (await Ana.Incoming.ReadAsync(Ct)).Text);
        Assert.DoesNotContain(Bia.Messages, m => m.Text == "without Bia");
    }

    [Fact]
    public async Task A_member_who_joins_gets_the_same_key_and_reads_on_from_there()
    {
        WhatsApp.Groups.NewGroupsUseLids = true;
        var group = Ana.Groups.Create("Team", Shop);
        await Us.Store.WaitAsync<GroupJoined>(joined => joined.Group == group, Ct);
        await SendAsync(group, "before");
        var key = KeyIdOf(Sent("message").Last());
        Ana.Groups.Add(group, Bia.Number.User);
        await Us.Store.WaitAsync<GroupParticipantsChanged>(c => c.Change == GroupMemberChange.Joined, Ct);
        await SendAsync(group, "after");
        var last = Sent("message").Last();
        Assert.Equal(key, KeyIdOf(last));
        Assert.True(Assert.Single(last.Child("participants")!.Children).JidOf("jid")!.Value.IsSameUser(Bia.Lid));
        Assert.Equal("after", (await Bia.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task A_message_without_its_senders_key_is_asked_for_with_keys_at_once_and_arrives_once()
    {
        var group = await MakeGroupAsync();
        await ReceiveAsync(Ana.Groups.SendText(group, "with key"));
        Us.Store.DeleteAll(StateKind.SenderKey);
        await Us.RestartAsync(Ct);
        var id = Ana.Groups.SendText(group, "no key");
        await Us.Store.WaitAsync<MessageWaiting>(m => m.MessageId == id, Ct);
        Assert.Equal("no key", (await ReceiveAsync(id)).Content.ExtendedTextMessage.Text);
        var request = Assert.Single(Sent("receipt"), r => r["type"] == "retry");
        Assert.NotNull(request.Child("keys"));
        Assert.Equal("with the key again", (await ReceiveAsync(Ana.Groups.SendText(group, "with the key again"))).Content.ExtendedTextMessage.Text);
        Assert.Single(Us.Store.Events.OfType<MessageReceived>(), m => m.MessageId == id);
    }

    [Fact]
    public async Task A_member_who_lost_our_key_gets_the_message_again_with_the_key_and_reads_on()
    {
        var group = await MakeGroupAsync();
        await SendAsync(group, "one");
        Assert.Equal("one", (await Bia.Incoming.ReadAsync(Ct)).Text);
        Bia.WithSenderKeys(keys => keys.Forget(group));
        await SendAsync(group, "two");
        Assert.Equal("two", (await Bia.Incoming.ReadAsync(Ct)).Text);
        await SendAsync(group, "three");
        Assert.Equal("three", (await Bia.Incoming.ReadAsync(Ct)).Text);
        Assert.Single(Sent("message"), m => m.JidOf("participant") is not null);
    }

    [Fact]
    public async Task Numbers_that_move_on_by_two_are_read_in_order()
    {
        var group = await MakeGroupAsync();
        Ana.WithSenderKeys(keys => keys.Step = 2);
        var ids = Enumerable.Range(0, 10).Select(i => Ana.Groups.SendText(group, $"{i}")).ToList();
        await ReceiveAsync(ids[^1]);
        Assert.Equal(ids, Us.Store.Events.OfType<MessageReceived>().Select(m => m.MessageId));
    }

    [Fact]
    public async Task Group_messages_sent_while_away_arrive_once_and_in_order_after_a_restart()
    {
        var group = await MakeGroupAsync();
        var ids = new List<string> { Ana.Groups.SendText(group, "first") };
        await ReceiveAsync(ids[0]);
        await Us.Client.StopAsync(Ct);
        for (var i = 0; i < 20; i++) ids.Add((i % 2 == 0 ? Ana : Bia).Groups.SendText(group, $"{i}"));
        await Us.RestartAsync(Ct);
        await ReceiveAsync(ids[^1]);
        Assert.Equal(ids, Us.Store.Events.OfType<MessageReceived>().Select(m => m.MessageId));
    }

    [Fact]
    public async Task A_group_that_changes_to_lids_draws_a_refresh_and_the_message_goes_out_under_the_same_id()
    {
        var group = await MakeGroupAsync(usesLids: false);
        await SendAsync(group, "by number");
        WhatsApp.Groups.Book.Find(group)!.IsLidAddressed = true;
        var id = await SendAsync(group, "by lid");
        Assert.Equal("by number", (await Bia.Incoming.ReadAsync(Ct)).Text);
        Assert.Equal("by lid", (await Bia.Incoming.ReadAsync(Ct)).Text);
        Assert.Equal(["pn", "lid"], Sent("message").Where(m => m["id"] == id).Select(m => m["addressing_mode"]));
    }

    [Fact]
    public async Task A_group_we_are_not_in_is_not_written_to()
    {
        var group = Ana.Groups.Create("Without us", Bia.Number.User);
        var failure = await Assert.ThrowsAsync<SendFailedException>(() => SendAsync(group, "hello?"));
        Assert.Equal(403, failure.Code);
    }

    [Fact]
    public async Task A_lost_ack_is_made_up_for_by_the_same_message_that_arrives_once()
    {
        var group = await MakeGroupAsync();
        var lost = 0;
        WhatsApp.Faults.ToClient = (_, node) => node.Tag == "ack" && node["class"] == "message" && Interlocked.Exchange(ref lost, 1) == 0 ? new Fault.KillSocket() : null;
        await Assert.ThrowsAsync<NotOnlineException>(() => SendAsync(group, "once"));
        var id = Sent("message").Last()["id"]!;
        await Us.Store.WaitAsync<MessageAcked>(a => a.MessageId == id && a.Level == AckLevel.Server, Ct);
        await SendAsync(group, "after");
        Assert.Equal("once", (await Bia.Incoming.ReadAsync(Ct)).Text);
        Assert.Equal("after", (await Bia.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task Receipts_of_many_members_in_one_stanza_are_told_one_by_one()
    {
        var group = await MakeGroupAsync();
        var id = await SendAsync(group, "seen by all");
        var device = WhatsApp.Recorder.Stanzas.Last(s => s.IsFromClient && s.Node["id"] == id).Device!.Value;
        WhatsApp.Push(device, Node.Of("receipt", [("id", "grouped"), ("from", group), ("type", "read")], Node.Of("participants", [("key", id)],
            Node.Of("user", [("jid", Ana.Lid), ("t", 1_800_000_000)]), Node.Of("user", [("jid", Bia.Lid), ("t", 1_800_000_001)]))));
        foreach (var reader in new[] { Ana, Bia })
        {
            var acked = await Us.Store.WaitAsync<MessageAcked>(a => a.MessageId == id && a.Level == AckLevel.Read && a.Participant.Lid == reader.Lid, Ct);
            Assert.Equal(reader.Number, acked.Participant.Phone);
        }
    }

    [Fact]
    public async Task A_story_is_read_and_our_own_reaches_whom_it_is_for_and_nobody_else()
    {
        var seen = await ReceiveAsync(Ana.Groups.SendStatus(new() { ExtendedTextMessage = new() { Text = "my story" } }, Shop));
        Assert.Equal((Jid.Status, Ana.Number, "my story"), (seen.Chat.Address, seen.Sender.Phone, seen.Content.ExtendedTextMessage.Text));
        for (var i = 0; i < 2; i++)
        {
            await Us.Client.Status.PostAsync(new(MessageIds.Random(), new() { ExtendedTextMessage = new() { Text = $"our story {i}" } }, [Ana.Number]), Ct);
            Assert.Equal(($"our story {i}", Jid.Status), await Ana.Incoming.ReadAsync(Ct) is var story ? (story.Text, story.Chat) : default);
        }

        Assert.Equal("contacts", Sent("message").Last().Child("meta")?["status_setting"]);
        Assert.Empty(Bia.Messages);
        await Assert.ThrowsAsync<SendFailedException>(() => Us.Client.Status.PostAsync(new(MessageIds.Random(), new() { Conversation = "nobody" }, []), Ct));
    }

    private static uint KeyIdOf(Node message) =>
        Footbridge.Protocol.Generated.SenderKeyMessage.Parser.ParseFrom(message.Child("enc")!.ContentBytes.AsSpan()[1..^64]).Id;
}
