using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Groups, channels and the status feed: what is no person, and has a conversation all the same.</summary>
public sealed class OtherChatTests : ChangeTest
{
    private const string BensNumber = "5511900000002";

    private FakePhone Ben { get; set; } = null!;

    private Jid Group { get; set; }

    [Fact]
    public async Task A_groups_messages_say_who_wrote_them_and_an_answer_goes_to_the_group()
    {
        var first = await InGroupAsync(Ana, "is it open today?");
        Assert.Equal("👥 *Ana Example (+5511900000001)*\n\nis it open today?", first.Content);
        Assert.Equal((SimMessageType.Incoming, false), (first.Type, first.IsPrivate));
        var second = await InGroupAsync(Ben, "I wonder too");
        Assert.Equal("👥 *Ben Example (+5511900000002)*\n\nI wonder too", second.Content);
        Assert.Equal(first.ConversationId, second.ConversationId);
        Assert.Equal(("Buyers (Group)", null, Group.ToString()), (ContactOf(first).Name, ContactOf(first).PhoneNumber, ContactOf(first).Identifier));
        await Chatwoot.AgentReplyAsync(first.ConversationId, "until six", first.Id);
        foreach (var member in new[] { Ana, Ben })
        {
            var answer = await member.WaitForAsync("until six", Ct);
            Assert.Equal((Group, first.SourceId), (answer.Chat, answer.QuotedId));
        }
    }

    [Fact]
    public async Task A_group_is_called_in_chatwoot_as_it_is_called_now_unless_an_agent_named_it()
    {
        var first = await InGroupAsync(Ana, "hello");
        Shop.Groups.Rename(Group, "Good buyers");
        await InGroupAsync(Ana, "renamed");
        Assert.Equal("Good buyers (Group)", ContactOf(first).Name);
        Chatwoot.Store.UpdateContact(ContactOf(first), new() { ["name"] = "The regulars" });
        Shop.Groups.Rename(Group, "Best buyers");
        await InGroupAsync(Ana, "renamed again");
        Shop.Groups.Rename(Group, "Very best buyers");
        await InGroupAsync(Ana, "and again");
        Assert.Equal("The regulars", ContactOf(first).Name);
    }

    [Fact]
    public async Task Who_comes_and_goes_in_a_group_is_a_note()
    {
        var first = await InGroupAsync(Ana, "hello");
        Shop.Groups.Remove(Group, BensNumber);
        Shop.Groups.Add(Group, BensNumber);
        Shop.Groups.Promote(Group, BensNumber);
        Shop.Groups.Demote(Group, BensNumber);
        await InGroupAsync(Ana, "that was a lot");
        var notes = Shown(Chatwoot.Store.Read((_, all) => all[first.ConversationId])).Where(m => m.IsPrivate).ToList();
        Assert.Equal(4, notes.Count);
        Assert.All(notes, note => Assert.Contains("+" + BensNumber, note.Content, StringComparison.Ordinal));
        Assert.Equal(["left", "joined", "admin", "no admin"], notes.Select(note => note.Content switch
        {
            var text when text!.Contains("left the group", StringComparison.Ordinal) => "left",
            var text when text!.Contains("joined the group", StringComparison.Ordinal) => "joined",
            var text when text!.Contains("no admin", StringComparison.Ordinal) => "no admin",
            _ => "admin",
        }));
    }

    [Fact]
    public async Task A_groups_conversation_that_was_deleted_is_made_again()
    {
        var first = await InGroupAsync(Ana, "hello");
        Chatwoot.Store.RemoveConversation(Chatwoot.Store.Read((_, all) => all[first.ConversationId]));
        var second = await InGroupAsync(Ana, "still there?");
        Assert.NotEqual(first.ConversationId, second.ConversationId);
        await Chatwoot.AgentReplyAsync(second.ConversationId, "here again");
        Assert.Equal(Group, (await Ana.WaitForAsync("here again", Ct)).Chat);
    }

    [Fact]
    public async Task An_answer_in_a_group_is_delivered_and_read_when_all_members_have_it_and_have_read_it()
    {
        Ben.SendsDeliveryReceipts = false;
        var first = await InGroupAsync(Ana, "hello");
        var answer = await Chatwoot.AgentReplyAsync(first.ConversationId, "hello all");
        var (anas, bens) = (await Ana.WaitForAsync("hello all", Ct), await Ben.WaitForAsync("hello all", Ct));
        await InGroupAsync(Ana, "only I have it");
        Assert.Equal("sent", Chatwoot.Store.FindMessage(answer)!.Status);
        Ben.MarkRead(bens);
        await StatusAsync(answer, "delivered");
        Ana.MarkRead(anas);
        await StatusAsync(answer, "read");
    }

    [Fact]
    public async Task If_the_app_wants_it_a_note_counts_them()
    {
        await CallAsync("PUT", "/api/apps/app_shop", App(change: app => app["config"]!["footbridge"] = new JsonObject { ["groupReceipts"] = "note" }), 200);
        var first = await InGroupAsync(Ana, "hello");
        var conversation = Chatwoot.Store.Read((_, all) => all[first.ConversationId]);
        var answer = await Chatwoot.AgentReplyAsync(first.ConversationId, "hello all");
        await Ana.WaitForAsync("hello all", Ct);
        Ben.MarkRead(await Ben.WaitForAsync("hello all", Ct));
        var note = await SaidAsync(conversation, "Read by 1 of 2");
        Assert.Equal((true, answer), (note.IsPrivate, note.ContentAttributes["in_reply_to"]!.GetValue<long>()));
        Ana.MarkRead(Ana.Messages.First(m => m.Text == "hello all"));
        await SaidAsync(conversation, "Read by 2 of 2");
        await InGroupAsync(Ana, "that was all");
        Assert.Single(Shown(conversation), m => m.IsPrivate);
    }

    [Fact]
    public async Task Votes_in_a_groups_poll_are_counted_over_all_members()
    {
        var poll = await ArrivedAsync(Shop.Groups.SendPoll(Group, "Which cake?", "Apple", "Plum"));
        foreach (var member in new[] { Ana, Ben })
        {
            while (member.Messages.All(m => m.Id != poll.SourceId)) await member.Incoming.ReadAsync(Ct);
            member.VoteIn(Group, member.Messages.First(m => m.Id == poll.SourceId), 1, "Plum");
        }

        var totals = await SaidAsync(Chatwoot.Store.Read((_, all) => all[poll.ConversationId]), "- Plum: **2**");
        Assert.EndsWith("People who voted: 2", totals.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_channels_posts_are_in_a_conversation_of_the_channel()
    {
        var channel = Ana.Channels.Create("Shop news");
        Shop.Channels.Follow(channel);
        var post = await ArrivedAsync(Ana.Channels.PostText(channel, "half price on Friday"));
        Assert.Equal(("half price on Friday", "Shop news (Channel)", channel.ToString()), (post.Content, ContactOf(post).Name, ContactOf(post).Identifier));
    }

    [Fact]
    public async Task Status_posts_are_in_one_conversation_and_say_whose_they_are()
    {
        var post = await ArrivedAsync(Ana.Groups.SendStatus(new() { ExtendedTextMessage = new() { Text = "at the beach" } }, Shop.Number.User));
        var other = await ArrivedAsync(Ben.Groups.SendStatus(new() { ExtendedTextMessage = new() { Text = "at work" } }, Shop.Number.User));
        Assert.Equal("👥 *Ana Example (+5511900000001)*\n\nat the beach", post.Content);
        Assert.Equal(("🟢 Status", "status@broadcast", post.ConversationId), (ContactOf(post).Name, ContactOf(post).Identifier, other.ConversationId));
    }

    [Fact]
    public async Task A_broadcast_list_has_a_conversation_and_its_messages_say_whose_they_are()
    {
        var list = new Jid("1700000000", JidServer.Broadcast);
        var message = await ArrivedAsync(Ana.Groups.SendToList(list, new() { ExtendedTextMessage = new() { Text = "we have moved" } }, Shop.Number.User));
        Assert.Equal("👥 *Ana Example (+5511900000001)*\n\nwe have moved", message.Content);
        Assert.Equal(("Broadcast list (1700000000@broadcast)", "1700000000@broadcast"), (ContactOf(message).Name, ContactOf(message).Identifier));
    }

    [Fact]
    public async Task What_the_app_does_not_want_stays_on_the_phone()
    {
        await CallAsync("PUT", "/api/apps/app_shop", App(change: app => app["config"]!["footbridge"] = new JsonObject { ["chats"] = new JsonObject { ["groups"] = false, ["status"] = false } }), 200);
        Ana.Groups.SendText(Group, "in the group");
        Ana.Groups.SendStatus(new() { ExtendedTextMessage = new() { Text = "at the beach" } }, Shop.Number.User);
        await AnaWritesAsync("alone");
        Assert.Equal(["Ana Example"], Chatwoot.Store.Read((contacts, _) => contacts.Values.Where(c => c.Identifier != "whatsapp.integration").Select(c => c.Name).ToList()));
        var refused = await CallAsync("PUT", "/api/apps/app_shop", App(change: app => app["config"]!["footbridge"] = new JsonObject { ["chats"] = new JsonObject { ["groups"] = "yes" } }), 400);
        Assert.Contains("groups", refused!.ToJsonString(), StringComparison.Ordinal);
    }

    protected override async Task PrepareAsync()
    {
        await base.PrepareAsync();
        await ConnectAsync();
        Ben = World.WhatsApp.AddAccount(BensNumber, "Ben Example");
        Group = Shop.Groups.Create("Buyers", Customer, BensNumber);
    }

    private Task<SimMessage> InGroupAsync(FakePhone who, string text) => ArrivedAsync(who.Groups.SendText(Group, text));

    private SimContact ContactOf(SimMessage message) => Chatwoot.Store.Read((_, all) => all[message.ConversationId].Contact);
}
