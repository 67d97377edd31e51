using System.Text.Json.Nodes;
using Footbridge.Jobs;

namespace Footbridge.Server.Api.Jobs;

/// <summary>One job, for programs that follow the link in an error note; people get the dashboard's page. Payloads stay out: they hold people's messages.</summary>
internal static class GetJob
{
    /// <summary>A job's address, which people keep: notes and the pages link there.</summary>
    public static string PathOf(string queue, string id) => $"{PathOf(queue)}/{Uri.EscapeDataString(id)}";

    public static string PathOf(string queue) => $"/jobs/queue/{Uri.EscapeDataString(queue)}";

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/jobs/queue/{queue}/{id}", HandleAsync).ExcludeFromDescription();

    /// <summary>Whether a request of a dashboard's address is for this answer and not for a page.</summary>
    public static bool IsFor(HttpRequest request) =>
        request.Path.StartsWithSegments("/jobs/queue") && request.Path.Value!.Count(c => c == '/') == 4 && !request.Headers.Accept.Any(accept => accept?.Contains("text/html", StringComparison.Ordinal) ?? false);

    private static async Task<IResult> HandleAsync(string queue, string id, IJobMonitor monitor, CancellationToken ct)
    {
        if (await monitor.JobAsync(id, ct) is not { } job || job.Summary.Queue != queue) return Results.NotFound(new JsonObject { ["message"] = "There is no such job", ["statusCode"] = 404 });
        return Results.Json(Describe(job));
    }

    private static JsonObject Describe(JobDetails job) => new()
    {
        ["id"] = job.Summary.Id,
        ["queue"] = job.Summary.Queue,
        ["lane"] = job.Summary.Lane,
        ["state"] = job.Summary.State.ToString().ToLowerInvariant(),
        ["attempts"] = job.Summary.Attempts,
        ["attemptsAllowed"] = job.Summary.AttemptsAllowed,
        ["created"] = job.Summary.Created.ToUnixTimeMilliseconds(),
        ["started"] = job.Summary.Started?.ToUnixTimeMilliseconds(),
        ["finished"] = job.Summary.Finished?.ToUnixTimeMilliseconds(),
        ["error"] = job.Summary.Error,
        ["stack"] = job.Stack,
        ["log"] = new JsonArray([.. job.Log.Select(line => (JsonNode)$"{line.At:O} {line.Line}")]),
    };
}
