using System.Globalization;
using System.Text.Json.Nodes;

namespace Footbridge.Simulator.Chatwoot.State;

/// <summary>Records as Chatwoot's API shows them, by the profile they were made under.</summary>
internal static class Shapes
{
    public static JsonObject Contact(SimContact contact, SimStore store)
    {
        var shape = Bare(contact);
        shape["created_at"] = contact.CreatedAt;
        shape["contact_inboxes"] = new JsonArray([.. contact.Links.Select(link => (JsonNode)ContactInbox(link, store))]);
        return shape;
    }

    public static JsonObject ContactInbox((long Inbox, string SourceId) link, SimStore store) => new() { ["source_id"] = link.SourceId, ["inbox"] = Slim(store.FindInbox(link.Inbox)!) };

    /// <param name="isForAdministrator">Only they see the secrets.</param>
    /// <param name="signs">Whether this version has secrets for callbacks at all.</param>
    public static JsonObject Inbox(SimInbox inbox, bool isForAdministrator, bool signs)
    {
        var shape = Slim(inbox);
        shape["lock_to_single_conversation"] = inbox.LocksToSingle;
        shape["enable_auto_assignment"] = inbox.AssignsByItself;
        shape["greeting_enabled"] = inbox.Greets;
        shape["csat_survey_enabled"] = inbox.Surveys;
        shape["allow_messages_after_resolved"] = true;
        shape["timezone"] = "UTC";
        if (inbox.ChannelType != "Channel::Api") return shape;
        shape["hmac_mandatory"] = false;
        shape["webhook_url"] = inbox.WebhookUrl?.ToString();
        shape["inbox_identifier"] = inbox.Identifier;
        shape["additional_attributes"] = inbox.ReplyWindowHours is { } hours ? new JsonObject { ["agent_reply_time_window"] = hours } : [];
        if (isForAdministrator && signs) shape["secret"] = inbox.Secret;
        return shape;
    }

    public static JsonObject Conversation(SimConversation conversation) => new()
    {
        ["meta"] = new JsonObject { ["sender"] = Bare(conversation.Contact), ["channel"] = "Channel::Api", ["hmac_verified"] = false },
        ["id"] = conversation.Id,
        ["messages"] = new JsonArray([.. conversation.Messages.TakeLast(1).Select(m => (JsonNode)Push(m, conversation))]),
        ["account_id"] = ChatwootSimulator.AccountId,
        ["additional_attributes"] = new JsonObject(),
        ["agent_last_seen_at"] = 0,
        ["assignee_last_seen_at"] = 0,
        ["can_reply"] = true,
        ["contact_last_seen_at"] = conversation.ContactLastSeenAt,
        ["custom_attributes"] = conversation.CustomAttributes.DeepClone(),
        ["inbox_id"] = conversation.InboxId,
        ["labels"] = LabelsOf(conversation),
        ["muted"] = false,
        ["snoozed_until"] = null,
        ["status"] = conversation.Status,
        ["created_at"] = conversation.CreatedAt,
        ["updated_at"] = conversation.UpdatedAt,
        ["timestamp"] = conversation.LastActivityAt,
        ["first_reply_created_at"] = conversation.FirstReplyAt,
        ["unread_count"] = 0,
        ["last_activity_at"] = conversation.LastActivityAt,
        ["priority"] = null,
        ["waiting_since"] = conversation.WaitingSince,
    };

    /// <summary>A message in the account API.</summary>
    public static JsonObject Message(SimMessage message, SimConversation conversation, string? echoId = null)
    {
        var shape = new JsonObject
        {
            ["id"] = message.Id,
            ["content"] = message.Content,
            ["inbox_id"] = conversation.InboxId,
            ["conversation_id"] = message.ConversationId,
            ["message_type"] = (int)message.Type,
            ["content_type"] = message.ContentType,
            ["status"] = message.Status,
            ["content_attributes"] = message.ContentAttributes.DeepClone(),
            ["created_at"] = message.CreatedAt,
            ["private"] = message.IsPrivate,
            ["source_id"] = message.SourceId,
            ["sender"] = message.Type == SimMessageType.Outgoing ? Agent() : Typed(conversation.Contact),
        };
        if (echoId is not null) shape["echo_id"] = echoId;
        if (message.Files.Count > 0) shape["attachments"] = Attachments(message);
        return shape;
    }

    /// <summary>A message as it stands inside a conversation.</summary>
    public static JsonObject Push(SimMessage message, SimConversation conversation)
    {
        var shape = Message(message, conversation);
        shape["account_id"] = ChatwootSimulator.AccountId;
        shape["updated_at"] = Iso(message.UpdatedAt);
        shape["sender_type"] = message.Type == SimMessageType.Outgoing ? "User" : "Contact";
        shape["processed_message_content"] = message.Content;
        shape["conversation"] = new JsonObject { ["last_activity_at"] = conversation.LastActivityAt, ["contact_inbox"] = new JsonObject { ["source_id"] = conversation.SourceId } };
        return shape;
    }

    public static JsonObject PublicConversation(SimConversation conversation) => new()
    {
        ["id"] = conversation.Id,
        ["inbox_id"] = conversation.InboxId,
        ["contact_last_seen_at"] = conversation.ContactLastSeenAt,
        ["status"] = conversation.Status,
        ["agent_last_seen_at"] = 0,
        ["messages"] = new JsonArray([.. conversation.Messages.Where(m => !m.IsPrivate && m.Type != SimMessageType.Activity).Select(m => (JsonNode)PublicMessage(m, conversation))]),
        ["contact"] = Bare(conversation.Contact),
    };

    public static JsonObject PublicMessage(SimMessage message, SimConversation conversation)
    {
        var shape = Message(message, conversation);
        foreach (var name in new[] { "status", "inbox_id", "private", "source_id" }) shape.Remove(name);
        return shape;
    }

    public static JsonObject Bare(SimContact contact) => new()
    {
        ["additional_attributes"] = new JsonObject(),
        ["availability_status"] = "offline",
        ["email"] = contact.Email,
        ["id"] = contact.Id,
        ["name"] = contact.Name,
        ["phone_number"] = contact.PhoneNumber,
        ["blocked"] = contact.IsBlocked,
        ["identifier"] = contact.Identifier,
        ["thumbnail"] = contact.Picture is { } picture ? $"http://0.0.0.0:3000/pictures/{contact.Id}/{picture.Number}" : "",
        ["custom_attributes"] = contact.CustomAttributes.DeepClone(),
    };

    public static JsonObject Typed(SimContact contact)
    {
        var shape = Bare(contact);
        shape.Remove("availability_status");
        shape["type"] = "contact";
        return shape;
    }

    public static JsonArray LabelsOf(SimConversation conversation) => [.. conversation.Labels.Select(label => (JsonNode)label)];

    public static JsonArray Attachments(SimMessage message) => [.. message.Files.Select((file, i) => (JsonNode)Attachment(message, file, i))];

    private static JsonObject Attachment(SimMessage message, (string Name, string ContentType, byte[] Bytes) file, int i)
    {
        var shape = new JsonObject
        {
            ["id"] = (message.Id * 100) + i,
            ["message_id"] = message.Id,
            ["file_type"] = FileType(file.ContentType),
            ["account_id"] = ChatwootSimulator.AccountId,
            ["extension"] = message.Profile.DescribesFiles ? Path.GetExtension(file.Name).TrimStart('.') : null,
            ["data_url"] = new Uri(message.FrontendUrl, $"/rails/active_storage/blobs/redirect/{message.Id}-{i}/{Uri.EscapeDataString(file.Name)}{(message.Profile.PlaysSound && file.ContentType.StartsWith("audio/", StringComparison.Ordinal) ? "?disposition=inline" : "")}").AbsoluteUri,
            ["thumb_url"] = "",
            ["file_size"] = file.Bytes.Length,
        };
        if (message.Profile.DescribesFiles) shape["content_type"] = file.ContentType;
        return shape;
    }

    public static string Iso(double seconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000)).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static JsonObject Slim(SimInbox inbox) => new()
    {
        ["id"] = inbox.Id,
        ["avatar_url"] = "",
        ["channel_id"] = inbox.Id + 2,
        ["name"] = inbox.Name,
        ["channel_type"] = inbox.ChannelType,
        ["provider"] = null,
    };

    public static JsonObject Agent() => new()
    {
        ["id"] = 7,
        ["name"] = "Agent Smith",
        ["available_name"] = "Smith",
        ["avatar_url"] = "",
        ["type"] = "user",
        ["availability_status"] = "online",
        ["thumbnail"] = "",
    };

    // By the part's content type alone, as in the original.
    private static string FileType(string contentType) => contentType switch
    {
        "image/jpeg" or "image/jpg" or "image/png" or "image/gif" or "image/bmp" or "image/webp" => "image",
        "video/ogg" or "video/mp4" or "video/webm" or "video/quicktime" => "video",
        _ => contentType.Contains("audio/", StringComparison.Ordinal) ? "audio" : "file",
    };
}
