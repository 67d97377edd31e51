using Footbridge.Engine.Messages;
using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Simulator.Chatwoot.Faults;
using Footbridge.Simulator.WhatsApp.Phone;

namespace Footbridge.SystemTests.Chatwoot;

/// <summary>How far agents' messages have come, as Chatwoot shows it.</summary>
public sealed class MessageStatusTests : ChangeTest
{
    private const string AppId = "app_shop";

    [Fact]
    public async Task A_message_of_two_parts_is_read_when_both_are()
    {
        await ConnectAsync();
        Ana.SendsDeliveryReceipts = false;
        var (answer, first, second) = await AnswerInTwoPartsAsync();
        Ana.MarkRead(first);
        await SettledAsync();
        Assert.Equal("sent", Chatwoot.Store.FindMessage(answer)!.Status);
        Ana.MarkRead(second);
        await StatusAsync(answer, "read");
    }

    [Fact]
    public async Task Only_the_message_that_was_read_is_marked()
    {
        // W-18: the reference marks everything before it as well.
        await ConnectAsync();
        Ana.SendsDeliveryReceipts = false;
        await AnaWritesAsync("hello");
        var earlier = await Chatwoot.AgentReplyAsync(Conversation.Id, "one");
        await Ana.Incoming.ReadAsync(Ct);
        var later = await Chatwoot.AgentReplyAsync(Conversation.Id, "two");
        Ana.MarkRead(await Ana.Incoming.ReadAsync(Ct));
        await StatusAsync(later, "read");
        Assert.Equal("sent", Chatwoot.Store.FindMessage(earlier)!.Status);
    }

    [Fact]
    public async Task A_status_that_chatwoot_did_not_take_is_told_again()
    {
        // W-10: the reference swallows the error.
        await ConnectAsync();
        await AnaWritesAsync("hello");
        var refused = 0;
        Chatwoot.Faults.OnRequest = request => request.Method == "PATCH" && Interlocked.Increment(ref refused) == 1 ? new ChatwootFault.Status(503) : null;
        var answer = await Chatwoot.AgentReplyAsync(Conversation.Id, "one");
        await StatusAsync(answer, "delivered");
        Assert.True(refused >= 2);
    }

    [Theory]
    [InlineData(true, false, "delivered")]
    [InlineData(false, true, "read")]
    [InlineData(false, false, "sent")]
    public async Task What_is_told_can_be_chosen(bool tellsDelivery, bool tellsRead, string expected)
    {
        await ConnectAsync(conversations: new() { ["syncMessageStatus"] = tellsDelivery, ["markAsRead"] = tellsRead });
        await AnaWritesAsync("hello");
        var answer = await Chatwoot.AgentReplyAsync(Conversation.Id, "one");
        Ana.MarkRead(await Ana.Incoming.ReadAsync(Ct));
        await World.WhatsApp.Recorder.WaitAsync(s => !s.IsFromClient && s.Node.Tag == "receipt" && s.Node["type"] == "read", Ct);
        await SettledAsync();
        Assert.Equal(expected, Chatwoot.Store.FindMessage(answer)!.Status);
    }

    [Fact]
    public async Task What_was_written_on_the_phone_has_its_status_where_it_is_shown_as_a_message()
    {
        await ConnectAsync(conversations: new() { ["outgoing"] = "message" });
        var shown = await ArrivedAsync(Shop.SendText(Customer, "from my phone"));
        var seen = await Ana.Incoming.ReadAsync(Ct);
        Ana.MarkRead(seen);
        await StatusAsync(shown.Id, "read");
    }

    /// <summary>An agent's message, and a second WhatsApp message that belongs to it.</summary>
    private async Task<(long Answer, PhoneMessage First, PhoneMessage Second)> AnswerInTwoPartsAsync()
    {
        await AnaWritesAsync("hello");
        var answer = await Chatwoot.AgentReplyAsync(Conversation.Id, "one");
        var first = await Ana.Incoming.ReadAsync(Ct);
        var id = MessageIds.Derive("the second part");
        var map = (MessageMap)World.Product.Services.GetService(typeof(MessageMap))!;
        await map.SaveAsync(AppId, new(id, Ana.Lid.ToString(), true, Conversation.Id, answer, 0) { Part = 2 }, Ct);
        var gate = (IMessageGate)World.Product.Services.GetService(typeof(IMessageGate))!;
        await gate.SendAsync("shop", new(id, Ana.Number.ToString(), SendKind.Text) { Text = "two" }, Ct);
        return (answer, first, await Ana.Incoming.ReadAsync(Ct));
    }
}
