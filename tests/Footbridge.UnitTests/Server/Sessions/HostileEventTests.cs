using System.Text.Json.Nodes;
using Footbridge.Bench.Hostile.Harness;
using Footbridge.Engine.Events;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions.Events;
using ProtocolType = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage.Types.Type;

namespace Footbridge.UnitTests.Server.Sessions;

/// <summary>Public events are made in the commit of what they tell: one that cannot be made would stop the account.</summary>
public sealed class HostileEventTests
{
    private static readonly Party Person = new(new Jid("200000000000002", JidServer.Lid), null, new Jid("200000000000002", JidServer.Lid));

    public static TheoryData<Message> Nameless =>
    [
        new Message { ReactionMessage = new() { Text = "x" } },
        new Message { ProtocolMessage = new() { Type = ProtocolType.Revoke } },
        new Message { ProtocolMessage = new() { Type = ProtocolType.MessageEdit, EditedMessage = new() { Conversation = "x" } } },
    ];

    [Theory]
    [MemberData(nameof(Nameless))]
    public void A_change_that_names_no_message_is_no_event(Message change) => Assert.Empty(ChangePayloads.Describe(Received(change), null));

    [Fact]
    public void A_message_that_is_nested_too_deep_for_JSON_is_told_with_its_bytes()
    {
        var message = Nested(60);
        var payload = MessagePayloads.Of(Received(message), null);
        Assert.Null(payload["_data"]!["message"]);
        Assert.Equal(message, Message.Parser.ParseFrom(Convert.FromBase64String(payload["_data"]!["raw"]!.GetValue<string>())));
        Assert.Null(payload["replyTo"]!["_data"]);
        Assert.Equal(1, PublicEvents.Check(Received(message)));
    }

    [Fact]
    public void A_message_with_a_few_quotes_in_each_other_is_told_as_it_is() => Assert.NotNull(MessagePayloads.Of(Received(Nested(8)), null)["_data"]!["message"]);

    [Fact]
    public void Options_of_a_poll_that_are_called_the_same_have_one_total()
    {
        var voted = new PollVoted("1", DateTimeOffset.UnixEpoch, "3EB0", Person, Person, false, new("3EB1", Person, Person, false), ["one"], null) { Totals = [new("one", 2), new("two", 0), new("one", 2)] };
        Assert.Equal("""{"one":2,"two":0}""", (AddOnPayloads.Of(voted)["_data"]!["totals"] as JsonObject)!.ToJsonString());
    }

    private static MessageReceived Received(Message content) => new("message:1", DateTimeOffset.UnixEpoch, "3EB0", Person, Person, false, null, content, false);

    private static Message Nested(int depth)
    {
        var message = new Message { Conversation = "deep" };
        for (var i = 0; i < depth / 3; i++) message = new() { ExtendedTextMessage = new() { ContextInfo = new() { StanzaId = "1", QuotedMessage = message } } };
        return message;
    }
}
