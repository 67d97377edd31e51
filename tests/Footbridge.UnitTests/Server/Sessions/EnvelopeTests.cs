using System.Text;
using System.Text.Json.Nodes;
using Footbridge.Server.Config;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;

namespace Footbridge.UnitTests.Server.Sessions;

/// <summary>The envelope and session.status, held to tests/vectors/events: field for field, in order, nothing more.</summary>
public sealed class EnvelopeTests
{
    private static readonly EnvironmentInfo Somewhere = new("2026.7.1", "NOWEB", "PLUS", null, "linux/x64", new("footbridge"));

    [Fact]
    public void An_event_of_a_session_that_nobody_has_linked_has_neither_me_nor_metadata()
    {
        var told = new PublicEvent("evt_01j00000000000000000000001", 1790000000123, "message", "shop", null, new() { ["id"] = "false_5511900000001@c.us_3A0000000000000000", ["body"] = "Olá" })
        {
            Environment = Somewhere,
            ChatPhone = "5511900000001@s.whatsapp.net",
        };
        Assert.Equal(Golden("envelope"), Written(told, null));
    }

    [Fact]
    public void A_sessions_status_carries_its_last_three()
    {
        var events = new SessionEvents("shop", new MediaLinks(new Settings()), () => new("5511900000099@c.us", "100000000000099@lid", "5511900000099:1@s.whatsapp.net", "Shop"));
        var told = events.Status("WORKING", [("SCAN_QR_CODE", 1789999990000), ("STARTING", 1789999999000), ("WORKING", 1790000000123)], null, 1790000000123) with
        {
            Id = "evt_01j00000000000000000000000",
            Environment = Somewhere,
        };
        Assert.Equal(Golden("session.status"), Written(told, new() { ["user.id"] = "123" }));
    }

    [Fact]
    public void An_event_survives_the_ledger_unchanged()
    {
        var told = new PublicEvent("evt_1", 1, "message", "shop", new("1@c.us", null, null, null), new() { ["to"] = null, ["body"] = "x" });
        Assert.Equal(Written(told, null), Written(PublicEvent.Read(told.Write()), null));
    }

    private static string Written(PublicEvent told, JsonObject? metadata) => Encoding.UTF8.GetString(Envelope.Write(Envelope.Of(told, metadata)));

    private static string Golden(string name)
    {
        var file = JsonNode.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", "events", name + ".json")))!.AsObject();
        return Encoding.UTF8.GetString(Envelope.Write(file));
    }
}
