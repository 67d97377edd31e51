using System.Text.Json.Nodes;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Api.Apps;

/// <summary>A delivery as answers show it: ids, no texts.</summary>
internal static class DeliveryShape
{
    public static JsonObject Describe(DeliveryRow row) => new()
    {
        ["job"] = row.JobId,
        ["queue"] = row.Queue,
        ["lane"] = row.Lane,
        ["state"] = row.State.ToString().ToLowerInvariant(),
        ["chat"] = row.Chat,
        ["conversation"] = row.Conversation,
        ["waId"] = row.WaId,
        ["cwId"] = row.CwId,
        ["attempts"] = row.Attempts,
        ["reason"] = row.Reason,
        ["receivedAt"] = row.ReceivedAt.ToUnixTimeMilliseconds(),
        ["settledAt"] = row.SettledAt?.ToUnixTimeMilliseconds(),
    };
}
