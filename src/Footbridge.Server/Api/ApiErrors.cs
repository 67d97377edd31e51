using System.Globalization;
using System.Text.Json.Nodes;
using Footbridge.Engine.AppState;
using Footbridge.Engine.Connection;
using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Server.Media;
using Footbridge.Server.Security.Keys;
using Footbridge.Server.Sessions;
using Microsoft.AspNetCore.WebUtilities;

namespace Footbridge.Server.Api;

/// <summary>WAHA's error bodies, in one place; handlers throw, and nothing else picks a status code.</summary>
internal static class ApiErrors
{
    public static async Task CatchAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            if (Describe(e) is not (var status, { } body))
            {
                Log(context).RequestFailed(e, context.Request.Method, context.Request.Path);
                (status, body) = (500, Unexpected(context, e));
            }

            if (WhatsAppRefusals.WaitAfter(e, Time(context).GetUtcNow()) is { } wait) context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
            await WriteAsync(context, status, body);
        }
    }

    /// <summary>The answer to an address that is no route, and to a route's address with another method.</summary>
    public static Task NoRouteAsync(HttpContext context) =>
        WriteAsync(context, 404, Body(404, "Not Found", $"Cannot {context.Request.Method} {context.Request.Path}"));

    public static Task WriteAsync(HttpContext context, int status, string message) =>
        WriteAsync(context, status, new JsonObject { ["message"] = message, ["statusCode"] = status });

    internal static (int Status, JsonObject? Body) Describe(Exception error) => error switch
    {
        BadHttpRequestException { StatusCode: 413 } => (413, Body(413, "Payload Too Large", "request entity too large")),
        BadHttpRequestException e => (e.StatusCode, Body(e.StatusCode, "Bad Request", new JsonArray(e.Message))),
        InvalidRequestException e => (400, Body(400, "Bad Request", new JsonArray([.. e.Messages.Select(m => (JsonNode)m)]))),
        FileNotStoredException e => (404, FileNotFound(e.Message)),
        NotFoundException e => (404, Body(404, "Not Found", e.Message)),
        AppStateUnavailableException e => (422, Body(422, "Unprocessable Entity", e.Message)),
        SessionNotFoundException e => (404, Body(404, "Not Found", e.Message)),
        SessionNotWorkingException e => (422, e.Describe()),
        ForbiddenException e => (403, new() { ["message"] = e.Message, ["statusCode"] = 403 }),
        NotInThisEngineException e => (501, Body(501, "Not Implemented", e.Message)),
        RuleException e => (422, Body(422, "Unprocessable Entity", e.Message)),
        SendFailedException e => Refusal(WhatsAppRefusals.Describe(e)),
        DetailException e => (400, new JsonObject { ["detail"] = e.Message }),
        QueryFailedException e => Refusal(WhatsAppRefusals.Describe(e)),
        TimeoutException e => (504, Body(504, "Gateway Timeout", e.Message)),
        FfmpegException e => (422, Body(422, "Unprocessable Entity", e.Message)),
        MediaFailedException e => (422, Body(422, "Unprocessable Entity", e.Message)),
        NotOnlineException e => (422, Body(422, "Unprocessable Entity", e.Message)),
        _ => (0, null),
    };

    private static (int Status, JsonObject Body) Refusal((int Status, string Message) refusal) => (refusal.Status, Body(refusal.Status, ReasonPhrases.GetReasonPhrase(refusal.Status), refusal.Message));

    private static JsonObject Body(int status, string error, JsonNode message) => new() { ["statusCode"] = status, ["message"] = message, ["error"] = error };

    private static JsonObject FileNotFound(string details) => new()
    {
        ["error"] = new JsonObject { ["code"] = 404, ["key"] = "FILE_NOT_FOUND", ["message"] = "File not found", ["details"] = details },
    };

    // WAHA's body without the stack and the request's body: those hold tokens and people's messages, and no client needs them.
    private static JsonObject Unexpected(HttpContext context, Exception error) => new()
    {
        ["statusCode"] = 500,
        ["timestamp"] = Time(context).GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["exception"] = new JsonObject { ["message"] = error.Message, ["name"] = error.GetType().Name },
        ["request"] = new JsonObject { ["path"] = context.Request.Path.Value, ["method"] = context.Request.Method },
        ["version"] = Observability.GetVersion.Describe(),
    };

    private static TimeProvider Time(HttpContext context) => context.RequestServices.GetRequiredService<TimeProvider>();

    private static ILogger Log(HttpContext context) => context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Footbridge.Server.Api");

    private static Task WriteAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }
}
