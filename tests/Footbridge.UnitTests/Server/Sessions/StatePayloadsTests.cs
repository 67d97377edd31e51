using Footbridge.Engine.Events;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;

namespace Footbridge.UnitTests.Server.Sessions;

public sealed class StatePayloadsTests
{
    private static readonly DateTimeOffset Noon = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
    private static readonly Party Ana = new(new("777", JidServer.Lid), new Jid("5511900000001", JidServer.User), new Jid("777", JidServer.Lid));

    public static TheoryData<EngineEvent, string?, string> Events => new()
    {
        { new ChatUpdated("1", Noon, Ana, new ChatChange.Archived(true)), "chat.archive", """{"id":"5511900000001@c.us","archived":true,"timestamp":1700000000}""" },
        { new ChatUpdated("1", Noon, Ana, new ChatChange.Pinned(true)), null, "" },
        { new LabelUpdated("1", Noon, "3", "Lead", 0, false), "label.upsert", """{"id":"3","name":"Lead","color":0,"colorHex":"#ff9485"}""" },
        { new LabelUpdated("1", Noon, "3", "Lead", 19, true), "label.deleted", """{"id":"3","name":"Lead","color":19,"colorHex":"#9368cf"}""" },
        { new LabelAssigned("1", Noon, "3", Ana, null, true), "label.chat.added", """{"labelId":"3","chatId":"5511900000001@c.us","label":null}""" },
        { new LabelAssigned("1", Noon, "3", Ana, null, false), "label.chat.deleted", """{"labelId":"3","chatId":"5511900000001@c.us","label":null}""" },
        { new LabelAssigned("1", Noon, "3", Ana, "AAAA", true), null, "" },
    };

    [Theory]
    [MemberData(nameof(Events))]
    public void A_change_of_shared_state_is_told_as_waha_tells_it(EngineEvent engineEvent, string? name, string payload)
    {
        var told = StatePayloads.Of(engineEvent);
        Assert.Equal((name, payload), (told?.Name, told?.Payload.ToJsonString() ?? ""));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void A_color_of_a_later_palette_is_shown_as_one_of_those_there_are(int color) => Assert.StartsWith("#", LabelColors.Hex(color), StringComparison.Ordinal);
}
