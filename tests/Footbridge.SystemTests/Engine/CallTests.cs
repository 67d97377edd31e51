using Footbridge.Engine.Events;

namespace Footbridge.SystemTests.Engine;

public sealed class CallTests : PersonTest
{
    [Fact]
    public async Task A_call_is_told_and_acknowledged_and_its_end_too()
    {
        var id = Customer.People.Call(Us.Phone.Number.User, isVideo: true);
        var call = await Us.Store.WaitAsync<CallReceived>(c => c.CallId == id, Ct);
        Assert.Equal((Customer.Number, Customer.Lid, true, false), (call.From.Phone, call.From.Lid, call.IsVideo, call.IsMissed));
        await WhatsApp.Recorder.WaitAsync(s => s.IsFromClient && s.Node.Tag == "ack" && s.Node["class"] == "call" && s.Node["type"] == "offer", Ct);
        Customer.People.FollowCall(Us.Phone.Number.User, id, "terminate", "timeout");
        var ended = await Us.Store.WaitAsync<CallEnded>(c => c.CallId == id, Ct);
        Assert.Equal((true, "timeout"), (ended.IsVideo, ended.Reason));
    }

    [Fact]
    public async Task A_call_that_is_rejected_ends_at_the_callers_phone()
    {
        var id = Customer.People.Call(Us.Phone.Number.User);
        await Us.Store.WaitAsync<CallReceived>(c => c.CallId == id, Ct);
        await Us.Client.Calls.RejectAsync(Customer.Number, id, Ct);
        var rejected = await Customer.People.WaitAsync(n => n.Tag == "call" && n.Child("reject")?["call-id"] == id, Ct);
        Assert.Equal(Customer.Lid, rejected.Child("reject")!.JidOf("call-creator"));
        Assert.Equal("rejected", (await Us.Store.WaitAsync<CallEnded>(c => c.CallId == id, Ct)).Reason);
        // What comes of it later is the same end.
        Customer.People.FollowCall(Us.Phone.Number.User, id, "terminate");
        var last = Customer.SendText(Us.Phone.Number.User, "hm");
        await Us.Store.WaitAsync<MessageReceived>(m => m.MessageId == last, Ct);
        Assert.Single(Us.Store.Events.OfType<CallEnded>().Select(c => c.Id).Distinct());
    }

    [Fact]
    public async Task A_call_taken_on_the_phone_is_told_as_accepted()
    {
        var id = Customer.People.Call(Us.Phone.Number.User);
        Customer.People.FollowCall(Us.Phone.Number.User, id, "terminate", "accepted_elsewhere");
        await Us.Store.WaitAsync<CallAccepted>(c => c.CallId == id, Ct);
        Assert.Empty(Us.Store.Events.OfType<CallEnded>());
    }

    [Fact]
    public async Task A_call_that_came_while_we_were_away_is_told_as_missed()
    {
        string? id = null;
        await Us.RestartAsync(Ct, () => id = Customer.People.Call(Us.Phone.Number.User));
        Assert.True((await Us.Store.WaitAsync<CallReceived>(c => c.CallId == id, Ct)).IsMissed);
    }
}
