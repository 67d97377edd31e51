using Footbridge.Simulator.Chatwoot.State;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Calls, as agents see them.</summary>
public sealed class CallEntryTests : ChangeTest
{
    private const string Missed = "📞❌ **Call over**\n\n☎️ Nobody answered. Call back from the phone, or write here.";

    [Fact]
    public async Task A_call_that_nobody_takes_is_told_and_then_that_it_was_missed()
    {
        await ConnectAsync();
        var call = Ana.People.Call(Shop.Number.User, isVideo: true);
        await Chatwoot.Store.WaitAsync(() => Chatwoot.ConversationOf(Customer)?.Messages.Count == 1, Ct);
        var ringing = Assert.Single(Shown());
        Assert.Equal(("📞🔔 **Video call coming in**: answer on the phone", SimMessageType.Incoming, false), (ringing.Content, ringing.Type, ringing.IsPrivate));
        Ana.People.FollowCall(Shop.Number.User, call, "terminate", "timeout");
        var over = await SaidAsync(Conversation, "Nobody answered");
        Assert.Equal((Missed, SimMessageType.Incoming, ringing.Id), (over.Content, over.Type, over.ContentAttributes["in_reply_to"]!.GetValue<long>()));
    }

    [Fact]
    public async Task A_call_that_is_taken_on_the_phone_is_a_note_and_its_end_is_not_called_missed()
    {
        await ConnectAsync();
        var call = Ana.People.Call(Shop.Number.User);
        Ana.People.FollowCall(Shop.Number.User, call, "terminate", "accepted_elsewhere");
        await Chatwoot.Store.WaitAsync(() => Chatwoot.ConversationOf(Customer)?.Messages.Count == 2, Ct);
        var taken = Shown()[1];
        Assert.Equal(("📞✅ **Call taken on another device**", true, Shown()[0].Id), (taken.Content, taken.IsPrivate, taken.ContentAttributes["in_reply_to"]!.GetValue<long>()));
        Ana.People.FollowCall(Shop.Number.User, call, "terminate");
        await SettledAsync();
        Assert.DoesNotContain(Shown(), m => m.Content!.Contains("Nobody answered", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_call_that_the_account_declines_is_a_note()
    {
        await ConnectAsync();
        var call = Ana.People.Call(Shop.Number.User);
        await Chatwoot.Store.WaitAsync(() => Chatwoot.ConversationOf(Customer)?.Messages.Count == 1, Ct);
        await CallAsync("POST", "/api/shop/calls/reject", new System.Text.Json.Nodes.JsonObject { ["from"] = $"{Customer}@c.us", ["id"] = call }, 201);
        var over = await SaidAsync(Conversation, "Call over");
        Assert.Equal(("📞❌ **Call over**", true, Shown()[0].Id), (over.Content, over.IsPrivate, over.ContentAttributes["in_reply_to"]!.GetValue<long>()));
    }

    [Fact]
    public async Task A_call_that_came_while_the_session_was_away_is_told_as_missed_once()
    {
        await ConnectAsync();
        await AnaWritesAsync("hello");
        await World.PostAsync("/api/sessions/shop/stop", [], 201, Ct);
        var call = Ana.People.Call(Shop.Number.User);
        Ana.People.FollowCall(Shop.Number.User, call, "terminate", "timeout");
        await World.PostAsync("/api/sessions/shop/start", [], 201, Ct);
        await SaidAsync(Conversation, "Nobody answered");
        await SettledAsync();
        Assert.Single(Shown(), m => m.Content!.Contains("Nobody answered", StringComparison.Ordinal));
        Assert.DoesNotContain(Shown(), m => m.Content!.Contains("coming in", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_after_a_call_marks_nothing_as_read_that_is_no_message()
    {
        await ConnectAsync();
        Ana.People.Call(Shop.Number.User);
        await Chatwoot.Store.WaitAsync(() => Chatwoot.ConversationOf(Customer)?.Messages.Count == 1, Ct);
        await Chatwoot.AgentReplyAsync(Conversation.Id, "You called?");
        Assert.Equal("You called?", (await Ana.Incoming.ReadAsync(Ct)).Text);
        var hello = await AnaWritesAsync("yes");
        await Chatwoot.AgentReplyAsync(Conversation.Id, "Go on");
        await World.WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "receipt" && s.Node["type"] == "read" && s.Node["id"] == hello.SourceId, Ct);
        Assert.DoesNotContain(World.WhatsApp.Recorder.Stanzas, s => s.IsFromClient && s.Node.Tag == "receipt" && s.Node["type"] == "read" && s.Node["id"] != hello.SourceId);
    }
}
