using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.ToWhatsApp;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Which callbacks of Chatwoot become deliveries.</summary>
internal sealed class WebhookJobs(Queues queues, MessageMap map, Settings settings)
{
    /// <summary>Whether any app could want to act on a callback.</summary>
    public static bool Concerns(JsonObject body) => CallbackFields.Text(body["event"]) switch
    {
        "message_created" or "message_updated" => IsDeletion(body) || IsForWhatsApp(body),
        "conversation_created" or "conversation_status_changed" => true,
        _ => false,
    };

    /// <summary>What a callback asks for, or null when it is not ours to act on.</summary>
    public Delivery? DeliveryFor(AppRecord app, JsonObject body)
    {
        if (!Concerns(body)) return null;
        var name = CallbackFields.Text(body["event"]);
        if (name is "conversation_created" or "conversation_status_changed") return ConversationJob(app, name, body);
        if (CallbackFields.Number(body["id"]) is not { } cwId || CallbackFields.Number(CallbackFields.Child(body["conversation"], "id")) is not { } conversation) return null;
        if (IsDeletion(body)) return DeletionJob(app, conversation, cwId, body);
        IReadOnlyList<MappedMessage> parts = name == "message_updated" ? map.ByChatwoot(app.Id, conversation, cwId) : [];
        var isRetry = parts.Count > 0;
        if (name == "message_updated" && !(isRetry ? AsksForRetry(parts, body) : WasMissed(body))) return null;
        var content = CallbackFields.Text(body["content"]) ?? "";
        var isCommand = IsIntegration(body) || (content.StartsWith(settings.CommandPrefix, StringComparison.OrdinalIgnoreCase) && EditCommand.TextIn(content) is null);
        // Chatwoot tells of one press twice; what tells presses apart is the failure they are about.
        var seed = isRetry ? string.Create(CultureInfo.InvariantCulture, $"{app.Id}|{cwId}|retry|{parts.Max(part => part.UpdatedAtSeconds)}") : $"{app.Id}|{cwId}";
        var queue = isCommand ? Queues.Commands : isRetry ? Queues.MessageUpdated : Queues.MessageCreated;
        var payload = new InboxData(app.Id, app.Session, body).Write();
        var job = new JobRequest(WahaIds.Derive("job_", seed), queue, $"{app.Id}/{conversation}", payload, isCommand ? queues.Once : queues.Retried, isCommand ? null : queues.Delay);
        return new(job, app.Id, DeliveryDirection.ToWhatsApp)
        {
            Conversation = conversation,
            CwId = cwId,
            WaId = isCommand ? null : MessageCreatedJob.IdOf(app.Id, conversation, cwId),
            Chat = isCommand ? null : ChatOf(body),
        };
    }

    /// <summary>A message is gone in Chatwoot that may be on WhatsApp; also a note that stands for one written on the phone.</summary>
    private static bool IsDeletion(JsonObject body) =>
        CallbackFields.Text(body["event"]) == "message_updated" && IsWrittenByUs(body) && !IsIntegration(body) && CallbackFields.IsTrue(CallbackFields.Child(body["content_attributes"], "deleted"));

    /// <summary>Null for a note among colleagues, of which nothing is on WhatsApp.</summary>
    private Delivery? DeletionJob(AppRecord app, long conversation, long cwId, JsonObject body)
    {
        if (CallbackFields.IsTrue(body["private"]) && CallbackFields.Text(body["source_id"]) is not { Length: > 0 } && map.ByChatwoot(app.Id, conversation, cwId).Count == 0) return null;
        var job = new JobRequest(WahaIds.Derive("job_", $"{app.Id}|{cwId}|deleted"), Queues.MessageDeleted, $"{app.Id}/{conversation}", new InboxData(app.Id, app.Session, body).Write(), queues.Retried, queues.Delay);
        return new(job, app.Id, DeliveryDirection.ToWhatsApp) { Conversation = conversation, CwId = cwId, Chat = ChatOf(body) };
    }

    /// <summary>Neither a customer's message nor what Chatwoot says of a conversation.</summary>
    private static bool IsWrittenByUs(JsonObject body) => CallbackFields.Text(body["message_type"]) is not ("incoming" or "activity" or "0" or "2");

    private static bool IsForWhatsApp(JsonObject body)
    {
        if (!IsWrittenByUs(body) || CallbackFields.IsTrue(body["private"])) return false;
        if (body["content_attributes"] is JsonObject attributes && (attributes.ContainsKey("external_echo") || attributes.ContainsKey("deleted"))) return false;
        // Everything the bridge itself creates carries the WhatsApp id here.
        return CallbackFields.Text(body["source_id"]) is not { Length: > 0 };
    }

    /// <summary>An update of a message that we could not send, and whose error has been taken away: the agent pressed retry.</summary>
    private static bool AsksForRetry(IReadOnlyList<MappedMessage> parts, JsonObject body) =>
        CallbackFields.Text(CallbackFields.Child(body["content_attributes"], "external_error")) is null && parts.Any(part => part.Ack == (int)AckLevel.Error);

    /// <summary>
    /// An update about an error, of a message we never heard of: its first callback did not get through, and this is Chatwoot marking it
    /// as failed, or the agent's retry. The job has the first callback's id, so it is the same one if that did get through after all.
    /// </summary>
    private static bool WasMissed(JsonObject body) => body["content_attributes"] is JsonObject attributes && attributes.ContainsKey("external_error");

    /// <summary>Only where it can change the choice of the conversation.</summary>
    private Delivery? ConversationJob(AppRecord app, string name, JsonObject body)
    {
        if (CallbackFields.Number(body["id"]) is not { } conversation) return null;
        var isNew = name == "conversation_created";
        if (!isNew && ChatwootConfig.Read(app.Config) is { Statuses: not { Count: > 0 }, ReopensWithin: null }) return null;
        var id = WahaIds.Derive("job_", $"{app.Id}|{name}|{conversation}|{body["updated_at"]?.ToJsonString() ?? HashOf(body)}");
        var queue = isNew ? Queues.ConversationCreated : Queues.ConversationStatus;
        var job = new JobRequest(id, queue, $"{app.Id}/{conversation}", new InboxData(app.Id, app.Session, body).Write(), queues.Once);
        return new(job, app.Id, DeliveryDirection.ToWhatsApp) { Conversation = conversation };
    }

    /// <summary>The key of the chat behind a message's conversation, as far as the contact tells it.</summary>
    private static string? ChatOf(JsonObject body)
    {
        var attributes = CallbackFields.Child(CallbackFields.Child(CallbackFields.Child(body["conversation"], "meta"), "sender"), "custom_attributes");
        var id = CallbackFields.Text(CallbackFields.Child(attributes, ChatwootSetup.LidAttribute)) ?? CallbackFields.Text(CallbackFields.Child(attributes, ChatwootSetup.ChatIdAttribute));
        return id is null ? null : WahaIds.ParseChatId(id)?.ToString();
    }

    private static bool IsIntegration(JsonObject body) =>
        CallbackFields.Text(CallbackFields.Child(CallbackFields.Child(CallbackFields.Child(CallbackFields.Child(body["conversation"], "meta"), "sender"), "custom_attributes"), ChatwootSetup.ChatIdAttribute)) == ChatwootSetup.IntegrationId;

    private static string HashOf(JsonObject body) => System.Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(body.ToJsonString())));
}
