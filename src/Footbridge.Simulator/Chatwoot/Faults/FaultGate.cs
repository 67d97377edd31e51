using System.Globalization;
using System.Net.Mime;

namespace Footbridge.Simulator.Chatwoot.Faults;

/// <summary>Stands before every route and makes the faults happen.</summary>
internal sealed class FaultGate(ChatwootFaults faults, TimeProvider time)
{
    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        var fault = faults.Down ?? faults.OnRequest?.Invoke(context.Request);
        if (faults.ResponseDelay > TimeSpan.Zero) await Task.Delay(faults.ResponseDelay, time, context.RequestAborted);
        switch (fault)
        {
            case ChatwootFault.Reset:
                context.Abort();
                break;
            case ChatwootFault.Status status:
                await RefuseAsync(context, status);
                break;
            case ChatwootFault.TooManyMessages:
                context.Response.StatusCode = 422;
                context.Response.ContentType = MediaTypeNames.Application.Json;
                await context.Response.WriteAsync("""{"error":"Validation failed: Too many messages"}""");
                break;
            case ChatwootFault.StatusAfterCommit after:
                await SwallowAsync(context, next);
                context.Response.StatusCode = after.Code;
                break;
            case ChatwootFault.ResetAfterCommit:
                await SwallowAsync(context, next);
                context.Abort();
                break;
            case ChatwootFault.AnswerWhen held:
                await HoldAsync(context, next, held.Released);
                break;
            default:
                await next(context);
                break;
        }
    }

    private static Task RefuseAsync(HttpContext context, ChatwootFault.Status status)
    {
        var response = context.Response;
        response.StatusCode = status.Code;
        if (status.RetryAfterSeconds is { } wait) response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        (response.ContentType, var body) = status.Code switch
        {
            429 => (MediaTypeNames.Text.Plain, "Retry later\n"),
            502 or 503 or 504 => (MediaTypeNames.Text.Html, "<html><body>Bad gateway</body></html>"),
            500 => (MediaTypeNames.Application.Json, """{"status":500,"error":"Internal Server Error"}"""),
            _ => (MediaTypeNames.Application.Json, """{"error":"injected"}"""),
        };
        return response.WriteAsync(body);
    }

    /// <summary>Does what was asked and keeps the answer to itself.</summary>
    private static async Task SwallowAsync(HttpContext context, RequestDelegate next)
    {
        var body = context.Response.Body;
        context.Response.Body = Stream.Null;
        await next(context);
        context.Response.Body = body;
        context.Response.ContentLength = null;
    }

    private static async Task HoldAsync(HttpContext context, RequestDelegate next, Task released)
    {
        var body = context.Response.Body;
        using var kept = new MemoryStream();
        context.Response.Body = kept;
        await next(context);
        await released.WaitAsync(context.RequestAborted);
        context.Response.Body = body;
        await body.WriteAsync(kept.ToArray());
    }
}
