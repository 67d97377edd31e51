using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Footbridge.Jobs;

namespace Footbridge.Server.Api.Jobs;

/// <summary>One job, as the link in an error note shows it. Payloads stay out: they hold people's messages.</summary>
internal static class GetJob
{
    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/jobs/queue/{queue}/{id}", HandleAsync).ExcludeFromDescription();

    private static async Task<IResult> HandleAsync(string queue, string id, HttpRequest request, IJobMonitor monitor, CancellationToken ct)
    {
        if (await monitor.JobAsync(id, ct) is not { } job || job.Summary.Queue != queue) return Results.NotFound(new JsonObject { ["message"] = "There is no such job", ["statusCode"] = 404 });
        var wantsJson = request.Headers.Accept.Any(accept => accept?.Contains("application/json", StringComparison.Ordinal) ?? false);
        return wantsJson ? Results.Json(Describe(job)) : Results.Text(Page(job), "text/html", Encoding.UTF8);
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

    private static string Page(JobDetails job)
    {
        var page = new StringBuilder("<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'><title>Job</title>")
            .Append("<style>body{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}dt{font-weight:600}pre{white-space:pre-wrap;overflow-wrap:anywhere}</style>");
        page.Append(CultureInfo.InvariantCulture, $"<h1>Job {Encode(job.Summary.Id)}</h1><dl>");
        foreach (var (name, value) in Describe(job).Where(pair => pair.Key is not ("id" or "stack" or "log") && pair.Value is not null))
        {
            page.Append(CultureInfo.InvariantCulture, $"<dt>{Encode(name)}</dt><dd>{Encode(value!.ToString())}</dd>");
        }

        page.Append("</dl>");
        if (job.Log.Count > 0) page.Append(CultureInfo.InvariantCulture, $"<h2>Log</h2><pre>{Encode(string.Join('\n', job.Log.Select(l => $"{l.At:u} {l.Line}")))}</pre>");
        if (job.Stack is { } stack) page.Append(CultureInfo.InvariantCulture, $"<h2>Stack</h2><pre>{Encode(stack)}</pre>");
        return page.Append("</html>").ToString();
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
