using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>Votes in a poll, as one entry beside it.</summary>
public sealed class PollTotalTests : ChangeTest
{
    [Fact]
    public async Task Votes_in_the_shops_poll_are_one_note_that_is_always_up_to_date()
    {
        await ConnectAsync();
        await AnaWritesAsync("what do you have?");
        var poll = await ArrivedAsync(Shop.SendPoll(Customer, "Which cake?", "Apple", "Plum"));
        await PhoneHasAsync(poll.SourceId!);
        Ana.Vote(Shop.Number.User, Anas(poll.SourceId!), 1, "Apple");
        await SaidAsync(Conversation, "**Which cake?**");
        Ana.Vote(Shop.Number.User, Anas(poll.SourceId!), 2, "Plum");
        await SettledAsync();
        var totals = Assert.Single(Shown(), m => m.Content!.Contains("voted", StringComparison.Ordinal));
        Assert.Equal("📊 **Which cake?**\n- Apple: **0**\n- Plum: **1**\nPeople who voted: 1", totals.Content);
        Assert.Equal((true, SimMessageType.Outgoing, poll.Id), (totals.IsPrivate, totals.Type, totals.ContentAttributes["in_reply_to"]!.GetValue<long>()));

        Ana.Vote(Shop.Number.User, Anas(poll.SourceId!), 3);
        await SettledAsync();
        Assert.Contains("People who voted: 0", Assert.Single(Shown(), m => m.Content!.Contains("voted", StringComparison.Ordinal)).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Votes_in_a_customers_own_poll_count_as_well()
    {
        await ConnectAsync();
        var poll = await ArrivedAsync(Ana.SendPoll(Shop.Number.User, "Which cake?", "Apple", "Plum"));
        Ana.Vote(Shop.Number.User, Ana.Messages.First(m => m.Id == poll.SourceId), 1, "Apple");
        var totals = await SaidAsync(Conversation, "- Apple: **1**");
        Assert.Equal(poll.Id, totals.ContentAttributes["in_reply_to"]!.GetValue<long>());
    }

    [Fact]
    public async Task They_can_be_switched_off()
    {
        await ConnectAsync(footbridge: new() { ["polls"] = "off" });
        var poll = await ArrivedAsync(Ana.SendPoll(Shop.Number.User, "Which cake?", "Apple", "Plum"));
        Ana.Vote(Shop.Number.User, Ana.Messages.First(m => m.Id == poll.SourceId), 1, "Apple");
        await SettledAsync();
        Assert.Equal([poll.SourceId!, Chatwoot.MessagesOf(Conversation)[^1].SourceId!], Shown().Select(m => m.SourceId!));
    }

    private async Task PhoneHasAsync(string id)
    {
        while (Ana.Messages.All(m => m.Id != id)) await Ana.Incoming.ReadAsync(Ct);
    }
}
