using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;

namespace Footbridge.SystemTests.Engine;

public sealed class RefusalTests : TwoPeopleTest
{
    private static readonly DateTimeOffset End = new(2030, 1, 2, 3, 4, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(463, Refusal.ReachOutTimelock, "WhatsApp does not let this account write to people who have not written to it until 2030-01-02 03:04 UTC (error 463)")]
    [InlineData(475, Refusal.NewChatLimit, "This account has used up the new chats that WhatsApp allows until 2030-01-02 03:04 UTC (error 475)")]
    [InlineData(479, Refusal.Invalid, "WhatsApp does not accept this kind of message from this account (error 479)")]
    [InlineData(421, Refusal.StaleAddress, "The recipient's address is out of date; look the number up again (error 421)")]
    [InlineData(499, Refusal.Other, "WhatsApp refused the message (error 499)")]
    public async Task A_refusal_says_what_it_is_and_until_when_and_is_not_tried_again_blindly(int code, Refusal refusal, string text)
    {
        (WhatsApp.Rules.ReachOutEnds, WhatsApp.Rules.NewChatsEnd) = (End, End);
        var tries = 0;
        WhatsApp.Rules.Refuses = (_, _) =>
        {
            Interlocked.Increment(ref tries);
            return code;
        };
        var id = MessageIds.Random();
        var refused = await Assert.ThrowsAsync<SendFailedException>(() => Us.Client.SendTextAsync(new(id, Ana.Number, "hello"), Ct));
        Assert.Equal((code, refusal, text), (refused.Code, refused.Refusal, refused.Message));
        Assert.Equal(refusal is Refusal.ReachOutTimelock or Refusal.NewChatLimit ? End : null, refused.Until);
        Assert.Equal(code == 463 ? 2 : 1, tries);
        await Us.Store.WaitAsync<MessageAcked>(a => a.MessageId == id && a.Level == AckLevel.Error, Ct);
        Assert.Empty(Us.Store.Events.OfType<MessageReceived>());
    }

    [Fact]
    public async Task A_restriction_that_looking_the_person_up_lifts_costs_one_more_try()
    {
        var tries = 0;
        WhatsApp.Rules.Refuses = (_, _) => Interlocked.Increment(ref tries) == 1 ? 463 : null;
        await Us.Client.SendTextAsync(new(MessageIds.Random(), Ana.Number, "hello"), Ct);
        Assert.Equal("hello", (await Ana.Incoming.ReadAsync(Ct)).Text);
    }
}
