using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Jobs;
using Footbridge.Server.Api;
using Footbridge.Server.Apps.Chatwoot.Commands;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Chatwoot's callback: drops what is not ours, makes a durable job of the rest, and answers. Chatwoot calls once and waits 5 s.</summary>
internal static class ChatwootWebhook
{
    /// <summary>Longest body taken; Chatwoot's texts end at 150,000 characters.</summary>
    public const int MaxBodyBytes = 4 * 1024 * 1024;

    private static readonly byte[] Answer = """{"success":true}"""u8.ToArray();

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/webhooks/chatwoot/{session}/{id}", HandleAsync).ExcludeFromDescription();

    private static async Task HandleAsync(string session, string id, HttpContext http, AppRegistry apps, Queues queues, JobQueue queue, CancellationToken ct)
    {
        if (apps.Find(id) is not { Enabled: true } app || app.Session != session)
        {
            await ApiErrors.WriteAsync(http, 404, "App not found");
            return;
        }

        if (await ReadAsync(http.Request, ct) is not { } body)
        {
            await ApiErrors.WriteAsync(http, 400, "The body is not a JSON object of acceptable size");
            return;
        }

        if (JobFor(app, body, queues) is { } job) await queue.EnqueueAsync(job, ct);
        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.Body.WriteAsync(Answer, ct);
    }

    /// <summary>The job a callback asks for, or null when it is not ours to act on.</summary>
    internal static JobRequest? JobFor(AppRecord app, JsonObject body, Queues queues)
    {
        var name = TextOf(body["event"]);
        if (name is not ("message_created" or "message_updated") || !IsForWhatsApp(body)) return null;
        if (body["id"] is not JsonValue idNode || !idNode.TryGetValue<long>(out var cwId)) return null;
        if (body["conversation"]?["id"] is not JsonValue conversationNode || !conversationNode.TryGetValue<long>(out var conversation)) return null;
        var isCommand = IsIntegration(body) || (TextOf(body["content"]) ?? "").StartsWith(CommandJob.Prefix, StringComparison.Ordinal);
        var isRetry = name == "message_updated";
        if (isRetry && !AsksForRetry(body)) return null;
        var seed = isRetry ? $"{app.Id}|{cwId}|retry|{body["updated_at"]?.ToJsonString() ?? HashOf(body)}" : $"{app.Id}|{cwId}";
        var queueName = isCommand ? Queues.Commands : isRetry ? Queues.MessageUpdated : Queues.MessageCreated;
        var payload = new InboxData(app.Id, app.Session, body).Write();
        return new(WahaIds.Derive("job_", seed), queueName, $"{app.Id}/{conversation}", payload, isCommand ? queues.Once : queues.Retried);
    }

    private static bool IsForWhatsApp(JsonObject body)
    {
        if (TextOf(body["message_type"]) is "incoming" or "activity" or "0" or "2") return false;
        if (body["private"] is JsonValue isPrivate && isPrivate.TryGetValue<bool>(out var hidden) && hidden) return false;
        if (body["content_attributes"] is JsonObject attributes && (attributes.ContainsKey("external_echo") || attributes.ContainsKey("deleted"))) return false;
        // Everything the bridge itself creates carries the WhatsApp id here.
        return TextOf(body["source_id"]) is not { Length: > 0 };
    }

    /// <summary>Chatwoot's mark of the agent's retry: the error is there and taken away. Our own "failed" carries a text instead.</summary>
    private static bool AsksForRetry(JsonObject body) =>
        body["content_attributes"] is JsonObject attributes && attributes.TryGetPropertyValue("external_error", out var error) && error is null;

    private static bool IsIntegration(JsonObject body) =>
        TextOf(body["conversation"]?["meta"]?["sender"]?["custom_attributes"]?[ChatwootSetup.ChatIdAttribute]) == ChatwootSetup.IntegrationId;

    private static string? TextOf(JsonNode? node) => node is JsonValue ? node.ToString() : null;

    private static string HashOf(JsonObject body) => System.Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(body.ToJsonString())));

    private static async Task<JsonObject?> ReadAsync(HttpRequest request, CancellationToken ct)
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

        return Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <summary>The body as an object, or null when it is none.</summary>
    internal static JsonObject? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            var parsed = JsonNode.Parse(body, null, new JsonDocumentOptions { MaxDepth = 32 }) as JsonObject;
            // A property that stands twice only shows when the object is first looked into.
            _ = parsed?.Count;
            return parsed;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }
    }
}
