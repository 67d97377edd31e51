using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.State;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Which conversation goes on, by the app's settings. The sorts stand in <see cref="FilingTests"/>.</summary>
public sealed class PolicyTests : ChangeTest
{
    [Theory]
    [InlineData(30, true)]
    [InlineData(90, false)]
    public async Task A_resolved_conversation_goes_on_within_the_hours_that_are_set_and_not_later(int minutesAgo, bool goesOn)
    {
        await ConnectAsync(footbridge: new() { ["reopenHours"] = 1 });
        var before = await AnaWritesAsync("one");
        var conversation = Conversation;
        await ResolveAsync(conversation);
        conversation.LastActivityAt -= minutesAgo * 60;
        var after = await AnaWritesAsync("two");
        Assert.Equal(goesOn, before.ConversationId == after.ConversationId);
        Assert.Equal(goesOn ? "open" : "resolved", conversation.Status);
        await Chatwoot.AgentReplyAsync(after.ConversationId, "hello again");
        await Ana.WaitForAsync("hello again", Ct);
    }

    [Fact]
    public async Task Labels_and_what_else_agents_set_stay_on_a_conversation_that_goes_on()
    {
        await ConnectAsync();
        await AnaWritesAsync("one");
        var conversation = Conversation;
        await Chatwoot.Desk.LabelsAsync(conversation, ["vip"]);
        conversation.CustomAttributes["order"] = "77";
        await Chatwoot.AgentSetsStatusAsync(conversation, "resolved");
        Assert.Equal(conversation.Id, (await AnaWritesAsync("two")).ConversationId);
        Assert.Equal(["vip"], conversation.Labels);
        Assert.Equal("77", conversation.CustomAttributes["order"]!.ToString());
    }

    [Fact]
    public async Task In_an_inbox_with_a_single_conversation_a_person_keeps_it_whatever_its_status()
    {
        await ConnectAsync(conversations: new() { ["sort"] = "created_newest", ["status"] = new JsonArray("open") });
        Chatwoot.Store.FindInbox(3)!.LocksToSingle = true;
        var before = await AnaWritesAsync("one");
        await ResolveAsync(Conversation);
        Assert.Equal(before.ConversationId, (await AnaWritesAsync("two")).ConversationId);
    }

    [Fact]
    public async Task A_snoozed_conversation_is_left_where_only_open_ones_go_on()
    {
        await ConnectAsync(conversations: new() { ["sort"] = "activity_newest", ["status"] = new JsonArray("open", "pending") });
        var before = await AnaWritesAsync("one");
        var conversation = Conversation;
        await SetAsync(conversation, "snoozed");
        var after = await AnaWritesAsync("two");
        Assert.NotEqual(before.ConversationId, after.ConversationId);
        Assert.Equal("snoozed", conversation.Status);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("\"soon\"")]
    public async Task Hours_that_are_none_are_refused(string hours)
    {
        var refused = await CallAsync("POST", "/api/apps", App(change: app => app["config"]!["footbridge"] = new JsonObject { ["reopenHours"] = JsonNode.Parse(hours) }), 400);
        Assert.Contains("footbridge.reopenHours", refused!.ToJsonString(), StringComparison.Ordinal);
    }

    private Task ResolveAsync(SimConversation conversation) => SetAsync(conversation, "resolved");

    /// <summary>An agent changes the status, and the product has heard of it.</summary>
    private async Task SetAsync(SimConversation conversation, string status)
    {
        await Chatwoot.AgentSetsStatusAsync(conversation, status);
        await Chatwoot.Store.WaitAsync(() => Chatwoot.Webhooks.Deliveries.Any(d => d.Event == "conversation_status_changed"), Ct);
        // Jobs of one conversation run in order: when this answer is out, the one before it has run.
        await Chatwoot.AgentReplyAsync(conversation.Id, "closing");
        await Ana.WaitForAsync("closing", Ct);
    }
}
