using System.Text.Json.Nodes;
using Footbridge.Engine.Events;

namespace Footbridge.Server.Sessions.Events;

/// <summary>How far own messages have come, as <c>message.ack</c> and <c>message.ack.group</c> tell it.</summary>
internal static class AckPayloads
{
    public static JsonObject Of(MessageAcked acked)
    {
        var participant = MessagePayloads.ParticipantOf(acked.Chat, acked.Participant);
        return new()
        {
            ["id"] = WahaIds.MessageId(true, WahaIds.ChatId(acked.Chat), acked.MessageId),
            ["from"] = WahaIds.ChatId(acked.Chat),
            ["to"] = null,
            ["participant"] = participant,
            ["fromMe"] = true,
            ["ack"] = (int)acked.Level,
            ["ackName"] = NameOf(acked.Level),
            ["_data"] = new JsonObject { ["error"] = acked.Error },
        };
    }

    /// <summary>The event's name: who in a group has read is told by another one.</summary>
    public static string EventOf(MessageAcked acked) =>
        acked.Chat.Address.IsGroup && acked.Participant.Address.IsUser && acked.Level >= AckLevel.Device ? PublicEvent.MessageAckGroup : PublicEvent.MessageAck;

    public static string NameOf(AckLevel level) => level switch
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
