using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;
using ProtocolType = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage.Types.Type;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>What an agent does to messages: reactions, edits, deletions.</summary>
public sealed class SentChangesTests : ChatwootTest
{
    private SimMessage _hello = null!;

    private SimConversation Conversation => Chatwoot.ConversationOf(Customer)!;

    protected override async Task PrepareAsync()
    {
        await base.PrepareAsync();
        _hello = await AnaWritesAsync("hello");
    }

    [Fact]
    public async Task A_reply_that_is_one_emoji_is_a_reaction_and_goes_when_it_is_deleted()
    {
        var reply = await Chatwoot.AgentReplyAsync(_hello.ConversationId, "👍🏽", _hello.Id);
        var reaction = (await Ana.Incoming.ReadAsync(Ct)).Content.ReactionMessage;
        Assert.Equal(("👍🏽", _hello.SourceId, false), (reaction.Text, reaction.Key.Id, reaction.Key.FromMe));
        await Chatwoot.AgentDeletesAsync(reply);
        var taken = (await Ana.Incoming.ReadAsync(Ct)).Content.ReactionMessage;
        Assert.Equal(("", _hello.SourceId), (taken.Text, taken.Key.Id));
    }

    [Fact]
    public async Task An_emoji_that_answers_nothing_is_a_text_and_so_is_every_one_when_the_setting_says_so()
    {
        await Chatwoot.AgentReplyAsync(_hello.ConversationId, "👍");
        Assert.Equal("👍", (await Ana.Incoming.ReadAsync(Ct)).Text);
        await CallAsync("PUT", "/api/apps/app_shop", App(change: app => app["config"]!["footbridge"] = new JsonObject { ["emojiReplies"] = false }), 200);
        await World.WaitStatusAsync("shop", "WORKING", Ct);
        await Chatwoot.AgentReplyAsync(_hello.ConversationId, "👍", _hello.Id);
        var shown = await Ana.Incoming.ReadAsync(Ct);
        Assert.Equal(("👍", _hello.SourceId), (shown.Text, shown.QuotedId));
    }

    [Fact]
    public async Task An_edit_changes_the_message_it_answers_and_the_command_itself_reaches_nobody()
    {
        var answer = await Chatwoot.AgentReplyAsync(_hello.ConversationId, "until 5");
        var shown = await Ana.Incoming.ReadAsync(Ct);
        await Chatwoot.AgentReplyAsync(_hello.ConversationId, "/edit until **6**", answer);
        var edit = (await Ana.Incoming.ReadAsync(Ct)).Content.EditedMessage.Message.ProtocolMessage;
        Assert.Equal((ProtocolType.MessageEdit, shown.Id, "until *6*"), (edit.Type, edit.Key.Id, edit.EditedMessage.ExtendedTextMessage.Text));
        Assert.True((await SaidAsync(Conversation, "was changed in WhatsApp")).IsPrivate);
        await Chatwoot.AgentReplyAsync(_hello.ConversationId, "wa/edit until 7", answer);
        Assert.Equal("until 7", (await Ana.Incoming.ReadAsync(Ct)).Content.EditedMessage.Message.ProtocolMessage.EditedMessage.ExtendedTextMessage.Text);
    }

    [Theory]
    [InlineData("/edit", true, "answer it with `/edit`")]
    [InlineData("/edit to nothing", false, "answer it with `/edit`")]
    [InlineData("/Edit theirs", true, "sent from this number")]
    public async Task An_edit_that_cannot_be_made_is_explained_to_the_agent_only(string text, bool isReply, string why)
    {
        await Chatwoot.AgentReplyAsync(_hello.ConversationId, text, isReply ? _hello.Id : null);
        Assert.True((await SaidAsync(Conversation, why)).IsPrivate);
        await Chatwoot.AgentReplyAsync(_hello.ConversationId, "after");
        Assert.Equal("after", (await Ana.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task A_note_that_stands_for_a_message_of_the_phone_takes_that_with_it_when_it_is_deleted()
    {
        var waId = Shop.SendText(Customer, "from my phone");
        var note = await ArrivedAsync(waId);
        await Ana.Incoming.ReadAsync(Ct);
        await Chatwoot.AgentDeletesAsync(note.Id);
        var gone = (await Ana.Incoming.ReadAsync(Ct)).Content.ProtocolMessage;
        Assert.Equal((ProtocolType.Revoke, waId), (gone.Type, gone.Key.Id));
        var among = await Chatwoot.AgentNoteAsync(_hello.ConversationId, "between us");
        await Chatwoot.AgentDeletesAsync(among);
        await Chatwoot.AgentReplyAsync(_hello.ConversationId, "after");
        Assert.Equal("after", (await Ana.Incoming.ReadAsync(Ct)).Text);
    }

    [Fact]
    public async Task A_deletion_that_overtakes_its_message_keeps_it_from_being_sent()
    {
        var (release, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        Chatwoot.Faults.BeforeWebhook = body =>
        {
            if (body["event"]!.ToString() != "message_created" || body["content"]?.ToString() != "oops") return Task.CompletedTask;
            held.SetResult();
            return release.Task;
        };
        var sending = Chatwoot.AgentReplyAsync(_hello.ConversationId, "oops");
        await held.Task.WaitAsync(Ct);
        await Chatwoot.AgentDeletesAsync(Chatwoot.MessagesOf(Conversation).Last(m => m.IsFromAgent).Id);
        release.SetResult();
        await sending;
        await Chatwoot.AgentReplyAsync(_hello.ConversationId, "better");
        Assert.Equal("better", (await Ana.Incoming.ReadAsync(Ct)).Text);
    }
}
