using System.Text.Json.Nodes;
using Footbridge.Server.Apps;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Api.Apps;

/// <summary>Every hop of one message, with time, try, decision and reason.</summary>
internal static class GetTimeline
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/api/apps/{id}/messages/{messageId}/timeline", HandleAsync)
        .WithSummary("`messageId`: a WhatsApp id, a Chatwoot message id, `app%2Fconversation%2Fmessage`, or a job id");

    private static async Task<JsonObject> HandleAsync(string id, string messageId, AppRegistry apps, Timeline timeline, CancellationToken ct)
    {
        if (apps.Find(id) is null) throw new SessionNotFoundException("App not found");
        // Routing leaves an escaped slash as it is.
        var found = await timeline.FindAsync(id, messageId.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase), ct);
        return Describe(found ?? throw new SessionNotFoundException("Nothing is known about this message"));
    }

    private static JsonObject Describe(MessageTimeline timeline) => new()
    {
        ["app"] = timeline.App,
        ["direction"] = timeline.Direction switch
        {
            DeliveryDirection.ToChatwoot => "toChatwoot",
            DeliveryDirection.ToWhatsApp => "toWhatsApp",
            _ => "toWebhook",
        },
        ["state"] = timeline.State.ToString().ToLowerInvariant(),
        ["chat"] = timeline.Chat,
        ["conversation"] = timeline.Conversation,
        ["waId"] = timeline.WaId,
        ["cwId"] = timeline.CwId,
        ["jobs"] = new JsonArray([.. timeline.Jobs.Select(row => (JsonNode)DeliveryShape.Describe(row))]),
        ["hops"] = new JsonArray([.. timeline.Hops.Select(hop => (JsonNode)new JsonObject
        {
            ["at"] = hop.At.ToUnixTimeMilliseconds(),
            ["stage"] = hop.Stage,
            ["attempt"] = hop.Attempt,
            ["text"] = hop.Text,
            ["job"] = hop.JobId,
            ["queue"] = hop.Queue,
        })]),
    };
}
