using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Protocol.Generated;
using Footbridge.Server.Storage;
using Footbridge.Server.Telemetry;

namespace Footbridge.Server.Sessions;

/// <summary>Engine events as the public events of WAHA. Source of the shapes: docs/compatibility.md.</summary>
internal sealed class SessionEvents(string session, Func<MeInfo?> me)
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
        MessageReceived message => [Make(message, PublicEvent.MessageAny, MessagePayload(message), message.Chat)],
        MessageWaiting waiting => [Make(waiting, PublicEvent.MessageWaiting, WaitingPayload(waiting), waiting.Chat)],
        MessageAcked { IsFromMe: true } acked => [Make(acked, PublicEvent.MessageAck, AckPayload(acked), acked.Chat)],
        _ => [],
    };

    private PublicEvent Make(EngineEvent source, string name, JsonObject payload, Party chat) =>
        new(WahaIds.Derive("evt_", $"{session}|{name}|{source.Id}"), source.Time.ToUnixTimeMilliseconds(), name, session, me(), payload)
        {
            ChatPhone = chat.Phone?.ToString(),
            ChatLid = chat.Lid?.ToString(),
        };

    private static JsonObject MessagePayload(MessageReceived message)
    {
        var chat = WahaIds.ChatId(message.Chat);
        var payload = Common(message.MessageId, chat, message.IsFromMe, message.Time);
        payload["source"] = "app";
        payload["body"] = BodyOf(message.Content);
        payload["hasMedia"] = false;
        payload["ack"] = message.IsFromMe ? 1 : 2;
        payload["ackName"] = message.IsFromMe ? "SERVER" : "DEVICE";
        payload["replyTo"] = ReplyTo(message.Content);
        payload["_data"] = new JsonObject { ["notifyName"] = message.PushName, ["kind"] = KindOf(message.Content) };
        return payload;
    }

    private static JsonObject WaitingPayload(MessageWaiting waiting)
    {
        var payload = Common(waiting.MessageId, WahaIds.ChatId(waiting.Chat), waiting.IsFromMe, waiting.Time);
        payload["_data"] = new JsonObject { ["notifyName"] = waiting.PushName, ["reason"] = waiting.Reason };
        return payload;
    }

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

    private static JsonObject Common(string id, string chat, bool isFromMe, DateTimeOffset time) => new()
    {
        ["id"] = WahaIds.MessageId(isFromMe, chat, id),
        ["timestamp"] = time.ToUnixTimeSeconds(),
        ["from"] = chat,
        ["fromMe"] = isFromMe,
        ["to"] = null,
        ["participant"] = null,
    };

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

    private static string? BodyOf(Message content) =>
        content.HasConversation ? content.Conversation
        : content.ExtendedTextMessage is { } extended ? extended.Text
        : content.ImageMessage is { HasCaption: true } image ? image.Caption
        : content.VideoMessage is { HasCaption: true } video ? video.Caption
        : content.DocumentMessage is { HasCaption: true } document ? document.Caption
        : null;

    private static JsonObject? ReplyTo(Message content) => content.ExtendedTextMessage?.ContextInfo is not { HasStanzaId: true } context ? null : new()
    {
        ["id"] = context.StanzaId,
        ["participant"] = Protocol.Xml.Jid.TryParse(context.Participant, out var author) ? WahaIds.ChatId(author) : null,
        ["body"] = context.QuotedMessage is { } quoted ? BodyOf(quoted) : null,
    };

    /// <summary>The name of the first content field, such as <c>imageMessage</c>, or null for a kind this schema does not know.</summary>
    private static string? KindOf(Message content) => Message.Descriptor.Fields.InFieldNumberOrder()
        .FirstOrDefault(field => field.HasPresence && field.Name is not ("messageContextInfo" or "senderKeyDistributionMessage") && field.Accessor.HasValue(content))?.Name;
}
