using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.State;
using Footbridge.Simulator.Chatwoot.Webhooks;

namespace Footbridge.Simulator.Chatwoot;

/// <summary>What happens to messages and conversations, with Chatwoot's rules and the callbacks that follow. A change that changes nothing tells nobody.</summary>
internal sealed class Desk(SimStore store, WebhookEngine webhooks, TimeProvider time)
{
    private const int MaxContent = 150_000;
    private static readonly string[] Statuses = ["sent", "delivered", "read", "failed"];

    /// <summary>A new message, and the task of its callbacks; null when there is no such conversation.</summary>
    /// <exception cref="SimRefusal">It is not valid; nothing was stored.</exception>
    public (SimMessage Message, Task Told)? Add(long conversationId, JsonObject body, List<(string Name, string ContentType, byte[] Bytes)> files, bool isFromAgent)
    {
        if (store.Read((_, conversations) => conversations.GetValueOrDefault(conversationId)) is not { } conversation) return null;
        var content = body["content"]?.ToString();
        if (content?.Contains('\0', StringComparison.Ordinal) ?? false) throw new SimRefusal(422, "string contains null byte");
        if (content?.Length > MaxContent) throw new SimRefusal(422, "Validation failed: Content is too long (maximum is 150000 characters)");
        if (!Enum.TryParse<SimMessageType>(body["message_type"]?.ToString() ?? "outgoing", ignoreCase: true, out var type)) throw new SimRefusal(422, $"'{body["message_type"]}' is not a valid message_type");
        if (content is not null && type is SimMessageType.Outgoing or SimMessageType.Template) content = LiquidText.Render(content!, conversation.Contact);
        var profile = store.Account.Profile;
        if (body["source_id"]?.ToString().Length > profile.MaxSourceId) throw new SimRefusal(422, $"Validation failed: Source is too long (maximum is {profile.MaxSourceId} characters)");
        var message = store.AddMessage(conversationId, id =>
        {
            var made = new SimMessage
            {
                Id = id,
                ConversationId = conversationId,
                Content = content,
                Type = type,
                IsPrivate = body["private"]?.ToString() == "true",
                ContentType = body["content_type"]?.ToString() ?? "text",
                SourceId = body["source_id"]?.ToString(),
                ContentAttributes = AttributesOf(body["content_attributes"], profile),
                Profile = profile,
                CreatedAt = time.GetUtcNow().ToUnixTimeSeconds(),
                IsFromAgent = isFromAgent,
                FrontendUrl = store.FrontendUrl,
            };
            made.Files.AddRange(files);
            return made;
        })!;
        return (message, TellOfNewAsync(message, conversation));
    }

    public (SimConversation Conversation, Task Told) Open(SimContact contact, SimInbox inbox, string source, string? status = null)
    {
        var (conversation, isNew) = store.AddConversation(contact, inbox, source, status);
        return (conversation, isNew ? webhooks.ConversationAsync("conversation_created", conversation) : Task.CompletedTask);
    }

    /// <summary>The delivery status: an unknown one is ignored, read never goes back to delivered, and only failed carries an error.</summary>
    public Task SetStatusAsync(SimMessage message, string? status, string? error)
    {
        if (!Statuses.Contains(status) || (message.Status == "read" && status == "delivered")) return Task.CompletedTask;
        var wanted = status == "failed" ? error : null;
        var hasKey = message.ContentAttributes.ContainsKey("external_error");
        if (message.Status == status && (status != "failed" ? !hasKey || message.ContentAttributes["external_error"] is null : message.ContentAttributes["external_error"]?.ToString() == wanted)) return Task.CompletedTask;
        store.Change(message, () =>
        {
            message.Status = status!;
            if (status == "failed" || hasKey) message.ContentAttributes["external_error"] = wanted;
        });
        return webhooks.MessageAsync("message_updated", message);
    }

    public async Task RetryAsync(SimMessage message)
    {
        store.Change(message, () => (message.Status, message.ContentAttributes["external_error"]) = ("sent", null));
        await webhooks.MessageAsync("message_updated", message);
        store.Change(message, () => message.ContentAttributes = []);
        await webhooks.MessageAsync("message_updated", message);
    }

    public Task DeleteAsync(SimMessage message)
    {
        if (message.ContentAttributes["deleted"]?.GetValue<bool>() == true) return Task.CompletedTask;
        store.Change(message, () =>
        {
            (message.Content, message.ContentType, message.ContentAttributes) = ("This message was deleted", "text", new() { ["deleted"] = true });
            message.Files.Clear();
        });
        return webhooks.MessageAsync("message_updated", message);
    }

    public async Task SetStatusAsync(SimConversation conversation, string status)
    {
        var before = conversation.Status;
        if (before == status) return;
        Change(conversation, () =>
        {
            conversation.Status = status;
            if (status == "resolved") conversation.WaitingSince = 0;
        });
        await webhooks.ConversationAsync("conversation_status_changed", conversation);
        await webhooks.ConversationAsync("conversation_updated", conversation, Changed("status", before, status));
    }

    /// <summary>The contact has read everything: what was written to it until now becomes read.</summary>
    public async Task ContactHasSeenAsync(SimConversation conversation)
    {
        Change(conversation, () => conversation.ContactLastSeenAt = time.GetUtcNow().ToUnixTimeSeconds());
        foreach (var message in store.Read((_, _) => conversation.Messages.Where(m => m.Type != SimMessageType.Incoming && m.Status is "sent" or "delivered").ToList())) await SetStatusAsync(message, "read", null);
    }

    public void Change(SimConversation conversation, Action change) => store.Write(() =>
    {
        change();
        store.Touch(conversation);
        return true;
    });

    public Task LabelsAsync(SimConversation conversation, List<string> labels)
    {
        var before = Shapes.LabelsOf(conversation);
        if (conversation.Labels.SequenceEqual(labels)) return Task.CompletedTask;
        Change(conversation, () => conversation.Labels = labels);
        return webhooks.ConversationAsync("conversation_updated", conversation, [new JsonObject { ["label_list"] = new JsonObject { ["previous_value"] = before, ["current_value"] = Shapes.LabelsOf(conversation) } }]);
    }

    public Task AttributesAsync(SimConversation conversation, JsonObject attributes)
    {
        var before = conversation.CustomAttributes;
        if (JsonNode.DeepEquals(before, attributes)) return Task.CompletedTask;
        Change(conversation, () => conversation.CustomAttributes = attributes);
        return webhooks.ConversationAsync("conversation_updated", conversation, Changed("custom_attributes", before.DeepClone(), attributes.DeepClone()));
    }

    // In the original's order: reopen, then the message, then the waiting time.
    private async Task TellOfNewAsync(SimMessage message, SimConversation conversation)
    {
        var mustOpen = message.Type == SimMessageType.Incoming && !conversation.Contact.IsBlocked && conversation.Status is "snoozed" or "resolved";
        if (mustOpen && message.Type == SimMessageType.Incoming) await SetStatusAsync(conversation, "open");
        await webhooks.MessageAsync("message_created", message);
        var waitsBefore = conversation.WaitingSince;
        var waits = message switch
        {
            { Type: SimMessageType.Outgoing, IsPrivate: false } => 0,
            { Type: SimMessageType.Incoming } when waitsBefore == 0 => message.CreatedAt,
            _ => waitsBefore,
        };
        if (waits == waitsBefore) return;
        Change(conversation, () =>
        {
            conversation.WaitingSince = waits;
            if (waits == 0 && conversation.FirstReplyAt == 0) conversation.FirstReplyAt = message.CreatedAt;
        });
        await webhooks.ConversationAsync("conversation_updated", conversation, Changed("waiting_since", waitsBefore, waits));
    }

    private static JsonArray Changed(string field, JsonNode before, JsonNode after) => [new JsonObject { [field] = new JsonObject { ["previous_value"] = before, ["current_value"] = after } }];

    /// <summary>An object, or its text in a multipart form; a text that is none is ignored.</summary>
    private static JsonObject AttributesOf(JsonNode? node, SimProfile profile)
    {
        var given = ObjectOf(node);
        if (!profile.KeepsAttributes) foreach (var key in given.Select(pair => pair.Key).Where(key => key is not ("in_reply_to" or "items")).ToList()) given.Remove(key);
        return given;
    }

    private static JsonObject ObjectOf(JsonNode? node)
    {
        if (node is JsonObject given) return (JsonObject)given.DeepClone();
        if (node is null) return [];
        try
        {
            return JsonNode.Parse(node.ToString()) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
