using Footbridge.Engine.Events;
using Footbridge.Engine.Messages;
using Footbridge.Engine.Store;
using Footbridge.Simulator.WhatsApp;

namespace Footbridge.SystemTests.Engine;

/// <summary>The server's acks, while the store takes its time.</summary>
public sealed class AckTests() : TwoPeopleTest(30)
{
    private static readonly string[] Ids = ["3EB0000000000000000001", "3EB0000000000000000002", "3EB0000000000000000003"];

    public override ValueTask DisposeAsync()
    {
        // The account does not end before its commits have.
        Us.Store.LetGo();
        return base.DisposeAsync();
    }

    [Fact]
    public async Task Acks_do_not_wait_for_those_that_are_on_their_way_to_the_store()
    {
        Us.Store.HoldWhen = IsAck;
        var sending = Ids.Select(SendAsync).ToList();
        await Us.Store.WaitHeldAsync(Ids.Length, Ct);
        Assert.DoesNotContain(sending, sent => sent.IsCompleted);
        Us.Store.LetGo();
        Assert.Equal(Ids, (await Task.WhenAll(sending)).Select(sent => sent.Id));
    }

    [Fact]
    public async Task An_ack_that_comes_twice_before_it_is_stored_is_told_once()
    {
        var acks = 0;
        WhatsApp.Faults.ToClient = (_, node) => node.Tag == "ack" && node["class"] == "message" && Interlocked.Increment(ref acks) == 1 ? new Fault.Duplicate() : null;
        Us.Store.HoldWhen = IsAck;
        var sending = SendAsync(Ids[0]);
        await Us.Store.WaitHeldAsync(1, Ct);
        Us.Store.LetGo();
        await sending;
        await SendAsync(Ids[1]);
        Assert.Single(Us.Store.Events.OfType<MessageAcked>(), acked => acked.MessageId == Ids[0] && acked.Level == AckLevel.Server);
    }

    private static bool IsAck(StoreBatch batch) => batch.Events.Any(told => told is MessageAcked { Level: AckLevel.Server });

    private Task<SentMessage> SendAsync(string id) => Us.Client.SendTextAsync(new(id, Ana.Number, "text"), Ct);
}
