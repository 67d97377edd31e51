using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Reactions on WhatsApp, as agents see them (W-30: never before their message).</summary>
public sealed class ReactionTests : ChangeTest
{
    [Fact]
    public async Task A_reaction_is_a_note_at_its_message_and_five_changes_leave_one()
    {
        await ConnectAsync();
        var hello = await AnaWritesAsync("hello");
        foreach (var emoji in new[] { "👍", "❤️", "😂", "😮", "🙏" }) Ana.React(Shop.Number.User, Anas(hello.SourceId!), emoji);
        await SettledAsync();
        var reaction = Assert.Single(Shown(), m => m.Content!.StartsWith("*Reaction*", StringComparison.Ordinal));
        Assert.Equal(("*Reaction* 🙏", true, SimMessageType.Outgoing, hello.Id), (reaction.Content, reaction.IsPrivate, reaction.Type, reaction.ContentAttributes["in_reply_to"]!.GetValue<long>()));

        Ana.React(Shop.Number.User, Anas(hello.SourceId!), "");
        await SettledAsync();
        Assert.DoesNotContain(Shown(), m => m.Content!.Contains("eaction", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reaction_that_comes_with_its_message_while_chatwoot_is_away_waits_behind_it()
    {
        await ConnectAsync();
        await AnaWritesAsync("hello");
        Chatwoot.Faults.Down = new ChatwootFault.Status(503);
        var late = Ana.SendText(Shop.Number.User, "late");
        Ana.React(Shop.Number.User, Anas(late), "👍");
        await World.WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "receipt" && s.Node["id"] == late, Ct);
        Chatwoot.Faults.Down = null;
        var reaction = await SaidAsync(Conversation, "*Reaction* 👍");
        Assert.Equal((await ArrivedAsync(late)).Id, reaction.ContentAttributes["in_reply_to"]!.GetValue<long>());
    }

    [Fact]
    public async Task Posting_and_deleting_that_were_done_before_the_line_broke_are_not_done_twice()
    {
        await ConnectAsync();
        var hello = await AnaWritesAsync("hello");
        Ana.React(Shop.Number.User, Anas(hello.SourceId!), "👍");
        await SaidAsync(Conversation, "*Reaction* 👍");
        var cut = new HashSet<string>();
        Chatwoot.Faults.OnRequest = request => request.Method is "POST" or "DELETE" && request.Path.Value!.Contains("/messages", StringComparison.Ordinal) && cut.Add(request.Method)
            ? new ChatwootFault.ResetAfterCommit() : null;
        Ana.React(Shop.Number.User, Anas(hello.SourceId!), "❤️");
        await SettledAsync();
        Assert.Equal(["DELETE", "POST"], cut.Order());
        Assert.Equal(["hello", "*Reaction* ❤️", "that was all"], Shown().Select(m => m.Content));
        Assert.Equal(4, Conversation.Messages.Count);
    }

    [Fact]
    public async Task As_messages_they_are_incoming_and_link_to_an_agents_answer()
    {
        await ConnectAsync(new() { ["reactions"] = "message" });
        await AnaWritesAsync("hello");
        var answer = await Chatwoot.AgentReplyAsync(Conversation.Id, "good day");
        var shown = await Ana.Incoming.ReadAsync(Ct);
        Ana.React(Shop.Number.User, shown, "👍");
        var reaction = await SaidAsync(Conversation, "*Reaction* 👍");
        Assert.Equal((false, SimMessageType.Incoming, answer), (reaction.IsPrivate, reaction.Type, reaction.ContentAttributes["in_reply_to"]!.GetValue<long>()));
    }

    [Fact]
    public async Task Switched_off_they_are_not_shown()
    {
        await ConnectAsync(new() { ["reactions"] = "off" });
        var hello = await AnaWritesAsync("hello");
        Ana.React(Shop.Number.User, Anas(hello.SourceId!), "👍");
        await SettledAsync();
        Assert.Equal(["hello", "that was all"], Shown().Select(m => m.Content));
    }

    [Fact]
    public async Task One_from_the_phone_is_a_note_and_one_to_a_message_that_is_not_there_has_no_link()
    {
        var early = Ana.SendText(Shop.Number.User, "before the inbox");
        var seen = await Shop.Incoming.ReadAsync(Ct);
        Assert.Equal(early, seen.Id);
        await ConnectAsync();
        await AnaWritesAsync("hello");
        Shop.React(Customer, seen, "👍");
        var reaction = await SaidAsync(Conversation, "*Reaction* 👍");
        Assert.Equal("*📱 From the phone*\n\n*Reaction* 👍", reaction.Content);
        Assert.Equal((true, null), (reaction.IsPrivate, reaction.ContentAttributes["in_reply_to"]));
    }

    [Fact]
    public async Task A_mode_that_is_none_is_refused()
    {
        var refused = await CallAsync("POST", "/api/apps", App(change: app => app["config"]!["footbridge"] = new JsonObject { ["reactions"] = "loud" }), 400);
        Assert.Contains("footbridge.reactions must be one of the following values: note, message, off", refused!.ToJsonString(), StringComparison.Ordinal);
    }
}
