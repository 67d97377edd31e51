using Footbridge.Engine;
using Footbridge.Engine.Events;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Engine;

public sealed class WaitingTests : TwoPeopleTest
{
    private protected override WaClientOptions Configure(WaClientOptions options) => options with { PlaceholderDelay = TimeSpan.FromMilliseconds(50) };

    [Fact]
    public async Task A_message_that_is_to_be_seen_once_is_told_as_waiting_and_comes_from_the_phone()
    {
        var id = Ana.SendViewOnce(Shop, "only once");
        var waiting = await Us.Store.WaitAsync<MessageWaiting>(m => m.MessageId == id, Ct);
        Assert.Equal("unavailable: view_once", waiting.Reason);
        var received = await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
        Assert.Equal(("only once", true, Ana.Number), (received.Content.ExtendedTextMessage.Text, received.Flags.HasFlag(MessageFlags.ViewOnce), received.Chat.Phone));
        Assert.Equal([id], Us.Phone.Peer.Asked);
    }

    [Fact]
    public async Task A_message_that_its_sender_does_not_send_again_comes_from_the_phone_once()
    {
        await OpenSessionAsync();
        Ana.AnswersRetries = false;
        Ana.ForgetSessionsWith(Shop, breakInsteadOfForget: true, onlyLinkedDevices: true);
        var id = Ana.SendText(Shop, "broken");
        await Us.Store.WaitAsync<MessageWaiting>(m => m.MessageId == id, Ct);
        var received = await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
        Assert.Equal(("broken", "Ana Example"), (received.Content.ExtendedTextMessage.Text, received.PushName));
        Assert.Single(Us.Store.Events.OfType<MessageWaiting>(), m => m.MessageId == id);
    }

    [Fact]
    public async Task What_still_waits_when_the_process_ends_is_asked_for_by_the_next_one()
    {
        await OpenSessionAsync();
        (Ana.AnswersRetries, Us.Phone.Peer.IsAnswering) = (false, false);
        Ana.ForgetSessionsWith(Shop, breakInsteadOfForget: true, onlyLinkedDevices: true);
        var id = Ana.SendText(Shop, "broken");
        await Us.Store.WaitAsync<MessageWaiting>(m => m.MessageId == id, Ct);
        await Us.RestartAsync(Ct, () => Us.Phone.Peer.IsAnswering = true);
        var received = await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == id, Ct);
        Assert.Equal("broken", received.Content.ExtendedTextMessage.Text);
    }

    /// <summary>Sessions in both directions, so that what is broken is only that.</summary>
    private async Task OpenSessionAsync()
    {
        var first = Ana.SendText(Shop, "fine");
        await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == first, Ct);
    }
}
