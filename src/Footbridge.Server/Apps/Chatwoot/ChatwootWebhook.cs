using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Chatwoot's callback: drops what is not ours, takes the rest on durably, and answers. Chatwoot calls once and waits 5 s.</summary>
internal static class ChatwootWebhook
{
    /// <summary>Longest body taken; Chatwoot's texts end at 150,000 characters.</summary>
    public const int MaxBodyBytes = 4 * 1024 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };
    private static readonly byte[] Answer = """{"success":true}"""u8.ToArray();

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/webhooks/chatwoot/{session}/{id}", HandleAsync).ExcludeFromDescription();

    private static async Task HandleAsync(string session, string id, HttpContext http, AppRegistry apps, CallbackDoor door, CancellationToken ct)
    {
        var bytes = await ReadAsync(http.Request, ct) ?? throw new InvalidRequestException("the body is not of acceptable size");
        var known = apps.Find(id) is { Enabled: true } found && found.Session == session ? found : null;
        if (known is not null && !door.IsOpenFor(known, http.Request, bytes.Span))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var body = (bytes.Length == 0 ? [] : Parse(bytes.Span)) ?? throw new InvalidRequestException("the body is not a JSON object");
        // What no app would act on is welcome whoever it is for: Chatwoot marks a message as failed when its callback is refused.
        if (WebhookJobs.Concerns(body))
        {
            await door.TakeAsync(known ?? throw new SessionNotFoundException("App not found"), body, ct);
        }
        else if (known is not null)
        {
            await door.PassAsync(known, body, ct);
        }

        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.Body.WriteAsync(Answer, ct);
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength > MaxBodyBytes) return null;
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, ct)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MaxBodyBytes) return null;
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    /// <summary>The body as an object, or null when it is none.</summary>
    internal static JsonObject? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            if (JsonNode.Parse(body, null, Strict) is not JsonObject parsed) return null;
            ReadTexts(parsed);
            return parsed;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A text that is no Unicode only shows, as <see cref="InvalidOperationException"/>, when it is read: here and not in a job.</summary>
    private static void ReadTexts(JsonNode? node)
    {
        if (node is JsonObject parent) foreach (var (_, child) in parent) ReadTexts(child);
        else if (node is JsonArray items) foreach (var item in items) ReadTexts(item);
        else _ = node?.ToString();
    }
}
