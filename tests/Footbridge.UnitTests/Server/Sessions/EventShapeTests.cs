using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Config;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;
using Google.Protobuf;
using ProtocolType = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage.Types.Type;

namespace Footbridge.UnitTests.Server.Sessions;

/// <summary>Every public event about messages, payload by payload, against the files that clients may rely on.</summary>
public sealed class EventShapeTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
    private static readonly Party Ana = new(new("1001", JidServer.Lid), new("5511900000001", JidServer.User), new("1001", JidServer.Lid));
    private static readonly Party Shop = new(new("5511900000099", JidServer.User), new("5511900000099", JidServer.User), new("1099", JidServer.Lid));
    private static readonly Party Stranger = new(new("1002", JidServer.Lid), null, new("1002", JidServer.Lid));
    private static readonly Jid Channel = new("120363400000000001", JidServer.Newsletter);
    private static readonly Party Group = new(new("120363000000000001", JidServer.Group), null, null);

    public static TheoryData<string> Names => [.. Cases.Keys];

    private static Dictionary<string, EngineEvent> Cases { get; } = new()
    {
        ["text"] = Got(new() { ExtendedTextMessage = new() { Text = "hello" }, MessageContextInfo = new() { MessageSecret = ByteString.CopyFrom(1, 2) } }),
        ["text-from-unknown-number"] = Got(new() { Conversation = "hello" }) with { Chat = Stranger, Sender = Stranger },
        ["text-sent-by-api"] = Got(new() { Conversation = "hi" }) with { Sender = Shop, IsFromMe = true, Origin = MessageOrigin.Api, PushName = "Shop" },
        ["text-in-group"] = Got(new() { Conversation = "all" }) with { Chat = Group },
        ["reply"] = Got(new()
        {
            ExtendedTextMessage = new() { Text = "yes", ContextInfo = new() { StanzaId = "3EB0QUOTED", Participant = "5511900000099@s.whatsapp.net", QuotedMessage = new() { ImageMessage = new() { Caption = "this one?" } } } },
        }),
        ["location"] = Got(new() { LocationMessage = new() { DegreesLatitude = -23.55, DegreesLongitude = -46.6333, Name = "Shop", Address = "Street 1" } }),
        ["live-location"] = Got(new() { LiveLocationMessage = new() { DegreesLatitude = 1.5, DegreesLongitude = 2, Caption = "on my way" } }),
        ["contacts"] = Got(new() { ContactsArrayMessage = new() { DisplayName = "2 contacts", Contacts = { new Message.Types.ContactMessage { Vcard = "A" }, new Message.Types.ContactMessage { Vcard = "B" } } } }),
        ["list-reply"] = Got(new() { ListResponseMessage = new() { Title = "Soup", Description = "hot", SingleSelectReply = new() { SelectedRowId = "1" } } }),
        ["unknown-kind"] = Got(Message.Parser.ParseFrom([0x82, 0x7D, 3, 1, 2, 3])),
        ["view-once"] = Got(new() { ImageMessage = new() { ViewOnce = true, Mimetype = "image/jpeg" } }) with { Flags = MessageFlags.ViewOnce },
        ["reaction"] = Got(new() { ReactionMessage = new() { Key = Key("3EB0TARGET", fromMe: false), Text = "👍" } }),
        ["reaction-taken-back"] = Got(new() { ReactionMessage = new() { Key = Key("3EB0TARGET", fromMe: true), Text = "" } }),
        ["reaction-in-group"] = Got(new() { ReactionMessage = new() { Key = Key("3EB0TARGET", fromMe: false, "1002@lid"), Text = "👍" } }) with { Chat = Group },
        ["edited"] = Got(new() { ProtocolMessage = new() { Type = ProtocolType.MessageEdit, Key = Key("3EB0TARGET", fromMe: true), EditedMessage = new() { Conversation = "better" } } }) with { Flags = MessageFlags.Edited },
        ["revoked"] = Got(new() { ProtocolMessage = new() { Type = ProtocolType.Revoke, Key = Key("3EB0TARGET", fromMe: true) } }),
        ["pin"] = Got(new() { PinInChatMessage = new() { Key = Key("3EB0TARGET", fromMe: true) } }),
        ["waiting"] = new MessageWaiting("e", At, "3EB0MESSAGE", Ana, Ana, false, "Ana", "unavailable: view_once"),
        ["ack"] = new MessageAcked("e", At, "3EB0MESSAGE", Ana, Ana, true, AckLevel.Read, null),
        ["ack-failed"] = new MessageAcked("e", At, "3EB0MESSAGE", Ana, Ana, true, AckLevel.Error, "463"),
        ["ack-in-group"] = new MessageAcked("e", At, "3EB0MESSAGE", Group, Ana, true, AckLevel.Read, null),
        ["poll-vote"] = new PollVoted("e", At, "3EB0VOTE", Ana, Ana, false, new("3EB0POLL", Ana, Shop, true), ["Soup"], null) { Totals = [new("Soup", 1), new("Bread", 0)] },
        ["poll-vote-failed"] = new PollVoted("e", At, "3EB0VOTE", Group, Ana, false, new("3EB0POLL", Group, Stranger, false), null, "the poll is not known"),
        ["event-response"] = new EventResponded("e", At, "3EB0ANSWER", Ana, Ana, false, new("3EB0EVENT", Ana, Shop, true), EventAnswer.NotGoing, 0, null) { PushName = "Ana" },
        ["channel-counted"] = new ChannelCounted("e", At, Channel, [new(7, "3EB0POST", At, null, false, 12, new Dictionary<string, long> { ["👍"] = 3 })]),
        ["event-response-failed"] = new EventResponded("e", At, "3EB0ANSWER", Ana, Ana, false, new("3EB0EVENT", Ana, Shop, true), null, 0, "the answer cannot be decrypted"),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void An_event_has_exactly_the_shape_in_its_file(string name)
    {
        var events = new SessionEvents("shop", new MediaLinks(new Settings()), () => null);
        var told = new JsonArray([.. events.For(Cases[name]).Select(entry => PublicEvent.Read(entry.Event)).SelectMany(EventNames.Expand).Select(e => (JsonNode)new JsonObject { ["event"] = e.Event, ["payload"] = e.Payload.DeepClone() })]);
        var actual = told.ToJsonString(Indented);
        var file = Path.Combine(AppContext.BaseDirectory, "vectors", "events", name + ".json");
        Assert.True(File.Exists(file), $"tests/vectors/events/{name}.json is missing; it would be\n{actual}");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(file)), told), $"{name} is now\n{actual}");
    }

    private static MessageReceived Got(Message content) => new("e", At, "3EB0MESSAGE", Ana, Ana, false, "Ana", content, false);

    private static MessageKey Key(string id, bool fromMe, string? participant = null)
    {
        var key = new MessageKey { RemoteJid = "1001@lid", FromMe = fromMe, Id = id };
        if (participant is not null) key.Participant = participant;
        return key;
    }
}
