using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Engine.Presence;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;

namespace Footbridge.UnitTests.Server.Sessions;

/// <summary>Calls and presence as WAHA's events.</summary>
public sealed class PeopleEventsTests
{
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeSeconds(1_741_249_702);
    private static readonly Party Ana = new(new("100", JidServer.Lid), new("5511900000001", JidServer.User), new("100", JidServer.Lid));
    private static readonly Party Stranger = new(new("200", JidServer.Lid), null, new("200", JidServer.Lid));
    private readonly SessionEvents _events = new("shop", new(new()), () => null);

    [Fact]
    public void A_calls_events_carry_wahas_names_and_fields()
    {
        var received = Only(new CallReceived("call:C1:received", Time, "C1", Ana, null, IsVideo: true, IsMissed: true));
        Assert.Equal("call.received", received.Event);
        Same("""{"id":"C1","from":"5511900000001@c.us","timestamp":1741249702,"isVideo":true,"isGroup":false,"_data":{"id":"C1","groupId":null,"isMissed":true}}""", received.Payload);
        Assert.Equal("call.accepted", Only(new CallAccepted("call:C1:accepted", Time, "C1", Ana, null, false)).Event);

        var group = new Party(new("120363000000000001", JidServer.Group), null, null);
        var ended = Only(new CallEnded("call:C2:ended", Time, "C2", Stranger, group, false, "timeout"));
        Assert.Equal("call.rejected", ended.Event);
        Same("""{"id":"C2","from":"200@lid","timestamp":1741249702,"isVideo":false,"isGroup":true,"_data":{"id":"C2","groupId":"120363000000000001@g.us","reason":"timeout"}}""", ended.Payload);
    }

    [Fact]
    public void A_call_that_is_rejected_and_then_over_is_one_event()
    {
        var rejected = Only(new CallEnded("call:C1:ended", Time, "C1", Ana, null, false, "rejected"));
        var over = Only(new CallEnded("call:C1:ended", Time.AddSeconds(1), "C1", Ana, null, false, null));
        Assert.Equal(rejected.Id, over.Id);
    }

    [Fact]
    public void Presence_is_told_each_time_under_the_number_when_it_is_known()
    {
        var update = new PresenceUpdate(Ana, Ana, PresenceKind.Offline, Time);
        var (first, second) = (_events.Presence(update, 1), _events.Presence(update, 2));
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal("presence.update", first.Event);
        Same("""{"id":"5511900000001@c.us","presences":[{"participant":"5511900000001@c.us","lastKnownPresence":"offline","lastSeen":1741249702}]}""", first.Payload);
        Same("""{"id":"200@lid","presences":[{"participant":"200@lid","lastKnownPresence":"recording","lastSeen":null}]}""",
            _events.Presence(new(Stranger, Stranger, PresenceKind.Recording, null), 3).Payload);
    }

    private PublicEvent Only(EngineEvent engineEvent) => PublicEvent.Read(Assert.Single(_events.For(engineEvent)).Event);

    private static void Same(string expected, JsonNode actual) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual.ToJsonString());
}
