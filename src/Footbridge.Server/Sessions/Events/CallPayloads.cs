using System.Text.Json.Nodes;
using Footbridge.Engine.Events;

namespace Footbridge.Server.Sessions.Events;

/// <summary>Calls as WAHA's <c>CallData</c>.</summary>
internal static class CallPayloads
{
    public const string Received = "call.received";
    public const string Accepted = "call.accepted";

    /// <summary>Rejected, or over.</summary>
    public const string Rejected = "call.rejected";

    public static string EventOf(CallEvent call) => call switch
    {
        CallReceived => Received,
        CallAccepted => Accepted,
        _ => Rejected,
    };

    public static JsonObject Of(CallEvent call)
    {
        var data = new JsonObject { ["id"] = call.CallId, ["groupId"] = call.Group is { } group ? WahaIds.ChatId(group) : null };
        if (call is CallReceived received) data["isMissed"] = received.IsMissed;
        if (call is CallEnded ended) data["reason"] = ended.Reason;
        return new()
        {
            ["id"] = call.CallId,
            ["from"] = WahaIds.ChatId(call.From),
            ["timestamp"] = call.Time.ToUnixTimeSeconds(),
            ["isVideo"] = call.IsVideo,
            ["isGroup"] = call.Group is not null,
            ["_data"] = data,
        };
    }
}
