using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Messages that were changed or deleted on WhatsApp, as agents see them.</summary>
public sealed class EditAndDeleteTests : ChangeTest
{
    private const string Deleted = "❌ *Deleted in WhatsApp*";

    [Fact]
    public async Task An_edit_is_shown_as_an_answer_to_the_original_and_only_the_last_one()
    {
        await ConnectAsync();
        var order = await AnaWritesAsync("two cakes");
        Ana.Edit(Shop.Number.User, Anas(order.SourceId!), "three *cakes*", wraps: true);
        Ana.Edit(Shop.Number.User, Anas(order.SourceId!), "four *cakes*", wraps: false);
        await SettledAsync();
        Assert.Equal(["two cakes", "four **cakes**\n\n✏️ *Changed in WhatsApp*", "that was all"], Shown().Select(m => m.Content));
        var edit = Shown()[1];
        Assert.Equal((false, SimMessageType.Incoming, order.Id), (edit.IsPrivate, edit.Type, edit.ContentAttributes["in_reply_to"]!.GetValue<long>()));
    }

    [Fact]
    public async Task An_edit_whose_try_broke_after_it_was_posted_is_there_once()
    {
        await ConnectAsync();
        var order = await AnaWritesAsync("two cakes");
        var cut = 0;
        Chatwoot.Faults.OnRequest = request => request.Method == "POST" && request.Path.Value!.EndsWith("/messages", StringComparison.Ordinal) && Interlocked.Increment(ref cut) == 1
            ? new ChatwootFault.ResetAfterCommit() : null;
        Ana.Edit(Shop.Number.User, Anas(order.SourceId!), "three cakes", wraps: true);
        await SettledAsync();
        Assert.Equal(3, Conversation.Messages.Count);
    }

    [Fact]
    public async Task A_deleted_message_stays_and_a_note_at_it_says_so()
    {
        await ConnectAsync();
        var secret = await AnaWritesAsync("my password");
        Ana.Revoke(Shop.Number.User, Anas(secret.SourceId!));
        var note = await SaidAsync(Conversation, Deleted);
        Assert.Equal((true, SimMessageType.Outgoing, secret.Id), (note.IsPrivate, note.Type, note.ContentAttributes["in_reply_to"]!.GetValue<long>()));
        Assert.Contains(Shown(), m => m.Content == "my password");
    }

    [Fact]
    public async Task A_deletion_that_comes_while_chatwoot_is_away_waits_behind_its_message()
    {
        // W-9: the reference drops it when the message has not been posted yet.
        await ConnectAsync();
        await AnaWritesAsync("hello");
        Chatwoot.Faults.Down = new ChatwootFault.Status(503);
        var secret = Ana.SendText(Shop.Number.User, "my password");
        Ana.Revoke(Shop.Number.User, Anas(secret));
        await World.WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "receipt" && s.Node["id"] == secret, Ct);
        Chatwoot.Faults.Down = null;
        var note = await SaidAsync(Conversation, Deleted);
        Assert.Equal((await ArrivedAsync(secret)).Id, note.ContentAttributes["in_reply_to"]!.GetValue<long>());
    }

    [Fact]
    public async Task Where_it_is_wanted_the_message_and_its_edit_go_in_chatwoot_too()
    {
        await ConnectAsync(new() { ["deletes"] = "remove" });
        var secret = await AnaWritesAsync("my password");
        Ana.Edit(Shop.Number.User, Anas(secret.SourceId!), "my new password", wraps: true);
        var cut = 0;
        Chatwoot.Faults.OnRequest = request => request.Method == "DELETE" && Interlocked.Increment(ref cut) <= 2 ? new ChatwootFault.ResetAfterCommit() : null;
        Ana.Revoke(Shop.Number.User, Anas(secret.SourceId!));
        await SettledAsync();
        Assert.Equal([Deleted, "that was all"], Shown().Select(m => m.Content));
        Assert.Equal(4, Conversation.Messages.Count);
    }

    [Fact]
    public async Task What_the_shop_deleted_on_its_phone_is_not_deleted_again_when_it_goes_in_chatwoot()
    {
        await ConnectAsync(new() { ["deletes"] = "remove" });
        await AnaWritesAsync("hello");
        var slip = await ArrivedAsync(Shop.SendText(Customer, "a slip"));
        Shop.Revoke(Customer, Shop.Messages.First(m => m.Id == slip.SourceId));
        await Chatwoot.Store.WaitAsync(() => slip.ContentAttributes["deleted"] is not null, Ct);
        await Chatwoot.AgentReplyAsync(Conversation.Id, "the answer");
        while ((await Ana.Incoming.ReadAsync(Ct)).Text != "the answer")
        {
            // What the phone itself sent comes before.
        }

        // The answer is all that the bridge itself had to send.
        Assert.Single(World.WhatsApp.Recorder.Stanzas, s => s.IsFromClient && s.Node.Tag == "message");
    }

    [Fact]
    public async Task A_deletion_does_not_open_a_resolved_conversation()
    {
        await ConnectAsync();
        var secret = await AnaWritesAsync("my password");
        await Chatwoot.AgentSetsStatusAsync(Conversation, "resolved");
        Ana.Revoke(Shop.Number.User, Anas(secret.SourceId!));
        await SaidAsync(Conversation, Deleted);
        Assert.Equal("resolved", Conversation.Status);
    }

    [Fact]
    public async Task A_deletion_of_what_is_not_there_says_nothing()
    {
        var early = Ana.SendText(Shop.Number.User, "before the inbox");
        Assert.Equal(early, (await Shop.Incoming.ReadAsync(Ct)).Id);
        await ConnectAsync();
        Ana.Revoke(Shop.Number.User, Anas(early));
        await SettledAsync();
        Assert.Equal(["that was all"], Shown().Select(m => m.Content));
    }

    [Fact]
    public async Task What_happens_to_a_message_is_shown_even_where_its_conversation_was_deleted()
    {
        await ConnectAsync();
        var secret = await AnaWritesAsync("my password");
        var old = Conversation;
        Chatwoot.Store.RemoveConversation(old);
        Ana.Revoke(Shop.Number.User, Anas(secret.SourceId!));
        await Chatwoot.Store.WaitAsync(() => Chatwoot.ConversationOf(Customer) is { } now && now.Id != old.Id && now.Messages.Exists(m => m.Content == Deleted), Ct);
    }
}
