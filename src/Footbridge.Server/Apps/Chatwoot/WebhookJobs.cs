using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.Commands;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Which callbacks of Chatwoot become jobs.</summary>
internal sealed class WebhookJobs(Queues queues, MessageMap map)
{
    /// <summary>Whether any app could want to act on a callback.</summary>
    public static bool Concerns(JsonObject body) => TextOf(body["event"]) switch
    {
        "message_created" or "message_updated" => IsForWhatsApp(body),
        "conversation_created" or "conversation_status_changed" => true,
        _ => false,
    };

    /// <summary>The job a callback asks for, or null when it is not ours to act on.</summary>
    public JobRequest? JobFor(AppRecord app, JsonObject body)
    {
        if (!Concerns(body)) return null;
        var name = TextOf(body["event"]);
        if (name is "conversation_created" or "conversation_status_changed") return ConversationJob(app, name, body);
        if (NumberOf(body["id"]) is not { } cwId || NumberOf(Child(body["conversation"], "id")) is not { } conversation) return null;
        var asked = name == "message_updated" ? AsksFor(app.Id, conversation, cwId, body) : Wish.FirstTry;
        if (asked == Wish.Nothing) return null;
        var isRetry = asked == Wish.Retry;
        var isCommand = IsIntegration(body) || (TextOf(body["content"]) ?? "").StartsWith(CommandLine.Prefix, StringComparison.OrdinalIgnoreCase);
        var seed = isRetry ? $"{app.Id}|{cwId}|retry|{body["updated_at"]?.ToJsonString() ?? HashOf(body)}" : $"{app.Id}|{cwId}";
        var queue = isCommand ? Queues.Commands : isRetry ? Queues.MessageUpdated : Queues.MessageCreated;
        var payload = new InboxData(app.Id, app.Session, body).Write();
        return new(WahaIds.Derive("job_", seed), queue, $"{app.Id}/{conversation}", payload, isCommand ? queues.Once : queues.Retried);
    }

    private static bool IsForWhatsApp(JsonObject body)
    {
        if (TextOf(body["message_type"]) is "incoming" or "activity" or "0" or "2") return false;
        if (body["private"] is JsonValue isPrivate && isPrivate.TryGetValue<bool>(out var hidden) && hidden) return false;
        if (body["content_attributes"] is JsonObject attributes && (attributes.ContainsKey("external_echo") || attributes.ContainsKey("deleted"))) return false;
        // Everything the bridge itself creates carries the WhatsApp id here.
        return TextOf(body["source_id"]) is not { Length: > 0 };
    }

    /// <summary>What an update of an outgoing message asks for.</summary>
    /// <remarks>
    /// A message we know as failed whose error has been taken away: the agent pressed retry. One we do not know that has an
    /// error: Chatwoot could not reach us with its first callback, so this one stands for it (under the same job id, in case
    /// that one did arrive). One we do not know whose error is taken away: both.
    /// </remarks>
    private Wish AsksFor(string app, long conversation, long cwId, JsonObject body)
    {
        var hasKey = body["content_attributes"] is JsonObject attributes && attributes.ContainsKey("external_error");
        var hasError = TextOf(Child(body["content_attributes"], "external_error")) is not null;
        if (map.ByChatwoot(app, conversation, cwId) is { } mapped) return mapped.Ack == (int)AckLevel.Error && !hasError ? Wish.Retry : Wish.Nothing;
        return !hasKey ? Wish.Nothing : hasError ? Wish.FirstTry : Wish.Retry;
    }

    private enum Wish
    {
        Nothing,
        FirstTry,
        Retry,
    }

    /// <summary>Only where it can change the choice of the conversation.</summary>
    private JobRequest? ConversationJob(AppRecord app, string name, JsonObject body)
    {
        if (NumberOf(body["id"]) is not { } conversation) return null;
        var isNew = name == "conversation_created";
        if (!isNew && ChatwootConfig.Read(app.Config).Statuses is not { Count: > 0 }) return null;
        var id = WahaIds.Derive("job_", $"{app.Id}|{name}|{conversation}|{body["updated_at"]?.ToJsonString() ?? HashOf(body)}");
        return new(id, isNew ? Queues.ConversationCreated : Queues.ConversationStatus, $"{app.Id}/{conversation}", new InboxData(app.Id, app.Session, body).Write(), queues.Once);
    }

    private static bool IsIntegration(JsonObject body) =>
        TextOf(Child(Child(Child(Child(body["conversation"], "meta"), "sender"), "custom_attributes"), ChatwootSetup.ChatIdAttribute)) == ChatwootSetup.IntegrationId;

    private static JsonNode? Child(JsonNode? parent, string name) => (parent as JsonObject)?[name];

    private static string? TextOf(JsonNode? node) => node is JsonValue ? node.ToString() : null;

    private static long? NumberOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;

    private static string HashOf(JsonObject body) => System.Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(body.ToJsonString())));
}
