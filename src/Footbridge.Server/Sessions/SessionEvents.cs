using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Server.Media;
using Footbridge.Server.Sessions.Events;
using Footbridge.Server.Storage;
using Footbridge.Server.Telemetry;

namespace Footbridge.Server.Sessions;

/// <summary>Engine events as the public events of WAHA. Source of the shapes: docs/compatibility.md.</summary>
internal sealed class SessionEvents(string session, MediaLinks links, Func<MeInfo?> me)
{
    /// <summary>What the ledger keeps for an engine event.</summary>
    public IEnumerable<LedgerEntry> For(EngineEvent engineEvent)
    {
        foreach (var publicEvent in Describe(engineEvent))
        {
            Traces.Received(publicEvent);
            yield return new(publicEvent.Id, publicEvent.Write());
        }
    }

    public PublicEvent Status(string status, IEnumerable<(string Status, long At)> last, long at)
    {
        var payload = new JsonObject
        {
            ["name"] = session,
            ["status"] = status,
            ["statuses"] = new JsonArray([.. last.Select(s => (JsonNode)new JsonObject { ["status"] = s.Status, ["timestamp"] = s.At })]),
            ["data"] = null,
        };
        return new("evt_" + WahaIds.NewUlid(), at, PublicEvent.SessionStatus, session, me(), payload);
    }

    private IEnumerable<PublicEvent> Describe(EngineEvent engineEvent) => engineEvent switch
    {
        MessageReceived message => [Make(message, PublicEvent.MessageAny, MessagePayloads.Of(message, links.Describe(session, message)), message.Chat)],
        MessageWaiting waiting => [Make(waiting, PublicEvent.MessageWaiting, MessagePayloads.Of(waiting), waiting.Chat)],
        MessageAcked { IsFromMe: true } acked => [Make(acked, PublicEvent.MessageAck, AckPayload(acked), acked.Chat)],
        _ when StatePayloads.Of(engineEvent) is { } state => [Make(engineEvent, state.Name, state.Payload, state.Chat)],
        _ => [],
    };

    private PublicEvent Make(EngineEvent source, string name, JsonObject payload, Party chat) =>
        new(WahaIds.Derive("evt_", $"{session}|{name}|{source.Id}"), source.Time.ToUnixTimeMilliseconds(), name, session, me(), payload)
        {
            ChatPhone = chat.Phone?.ToString(),
            ChatLid = chat.Lid?.ToString(),
        };

    private static JsonObject AckPayload(MessageAcked acked)
    {
        var chat = WahaIds.ChatId(acked.Chat);
        return new()
        {
            ["id"] = WahaIds.MessageId(true, chat, acked.MessageId),
            ["from"] = chat,
            ["to"] = null,
            ["participant"] = null,
            ["fromMe"] = true,
            ["ack"] = (int)acked.Level,
            ["ackName"] = AckName(acked.Level),
            ["_data"] = new JsonObject { ["error"] = acked.Error },
        };
    }

    internal static string AckName(AckLevel level) => level switch
    {
        AckLevel.Error => "ERROR",
        AckLevel.Pending => "PENDING",
        AckLevel.Server => "SERVER",
        AckLevel.Device => "DEVICE",
        AckLevel.Read => "READ",
        AckLevel.Played => "PLAYED",
        _ => "UNKNOWN",
    };
}
