using System.Globalization;
using System.Text.Json.Nodes;
using Footbridge.Server.Apps;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Api.Apps;

/// <summary>What became of everything an app had to carry: received, delivered, pending, quarantined, missing.</summary>
internal static class GetReconciliation
{
    private static readonly TimeSpan Default = TimeSpan.FromDays(1);

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/api/apps/{id}/reconciliation", HandleAsync)
        .WithSummary("`from` and `to` as ISO times or Unix milliseconds; the last 24 hours without them. `missing` is 0 when all is well");

    private static async Task<JsonObject> HandleAsync(
        string id, string? from, string? to, AppRegistry apps, Reconciliation reconciliation, TimeProvider time, CancellationToken ct)
    {
        if (apps.Find(id) is null) throw new SessionNotFoundException("App not found");
        var until = Read(to, "to") ?? time.GetUtcNow();
        return Describe(await reconciliation.ReportAsync(id, Read(from, "from") ?? until - Default, until, ct));
    }

    private static DateTimeOffset? Read(string? text, string name)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time : throw new InvalidRequestException($"{name} must be an ISO time or Unix milliseconds");
    }

    private static JsonObject Describe(ReconciliationReport report) => new()
    {
        ["app"] = report.App,
        ["from"] = report.From.ToUnixTimeMilliseconds(),
        ["to"] = report.To.ToUnixTimeMilliseconds(),
        ["toChatwoot"] = Describe(report.ToChatwoot),
        ["toWhatsApp"] = Describe(report.ToWhatsApp),
        ["lastPass"] = report.LastPass is not { } pass ? null : new JsonObject
        {
            ["at"] = pass.At.ToUnixTimeMilliseconds(),
            ["conversations"] = pass.Conversations,
            ["messages"] = pass.Messages,
            ["found"] = pass.Found,
            ["error"] = pass.Error,
        },
    };

    private static JsonObject Describe(DirectionAccount account) => new()
    {
        ["received"] = account.Received,
        ["delivered"] = account.Delivered,
        ["dropped"] = account.Dropped,
        ["pending"] = account.Pending,
        ["quarantined"] = account.Quarantined,
        ["missing"] = account.Missing,
        ["missingJobs"] = new JsonArray([.. account.MissingJobs.Select(job => (JsonNode)job)]),
        ["missingMessages"] = new JsonArray([.. account.MissingMessages.Select(message => (JsonNode)new JsonObject
        {
            ["conversation"] = message.Conversation,
            ["message"] = message.CwId,
            ["createdAt"] = message.CreatedAt.ToUnixTimeMilliseconds(),
            ["job"] = message.JobId,
        })]),
        ["problems"] = new JsonArray([.. account.Problems.Select(row => (JsonNode)DeliveryShape.Describe(row))]),
        ["waiting"] = new JsonArray([.. account.Waiting.Select(row => (JsonNode)DeliveryShape.Describe(row))]),
    };
}
