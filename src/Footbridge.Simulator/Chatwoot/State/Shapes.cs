using System.Globalization;
using System.Text.Json.Nodes;

namespace Footbridge.Simulator.Chatwoot.State;

/// <summary>Records as Chatwoot's API and webhooks show them (profile 4.15).</summary>
internal static class Shapes
{
    public static JsonObject Contact(SimContact contact) => new()
    {
        ["id"] = contact.Id,
        ["name"] = contact.Name,
        ["email"] = null,
        ["identifier"] = contact.Identifier,
        ["phone_number"] = contact.PhoneNumber,
        ["thumbnail"] = "",
        ["blocked"] = false,
        ["additional_attributes"] = new JsonObject(),
        ["custom_attributes"] = contact.CustomAttributes.DeepClone(),
        ["contact_inboxes"] = new JsonArray([.. contact.Inboxes.Select(pair => (JsonNode)new JsonObject
        {
            ["source_id"] = pair.Value,
            ["inbox"] = new JsonObject { ["id"] = pair.Key, ["channel_type"] = "Channel::Api" },
        })]),
    };

    public static JsonObject Conversation(SimConversation conversation) => new()
    {
        ["id"] = conversation.Id,
        ["inbox_id"] = conversation.InboxId,
        ["status"] = conversation.Status,
        ["can_reply"] = true,
        ["channel"] = "Channel::Api",
        ["created_at"] = conversation.CreatedAt,
        ["last_activity_at"] = conversation.LastActivityAt,
        ["custom_attributes"] = new JsonObject(),
        ["additional_attributes"] = new JsonObject(),
        ["meta"] = new JsonObject { ["sender"] = Sender(conversation.Contact), ["channel"] = "Channel::Api" },
    };

    public static JsonObject Message(SimMessage message, SimConversation conversation)
    {
        var shape = new JsonObject
        {
            ["id"] = message.Id,
            ["content"] = message.Content,
            ["inbox_id"] = conversation.InboxId,
            ["conversation_id"] = message.ConversationId,
            ["message_type"] = (int)message.Type,
            ["content_type"] = "text",
            ["status"] = message.Status,
            ["content_attributes"] = message.ContentAttributes.DeepClone(),
            ["created_at"] = message.CreatedAt,
            ["private"] = message.IsPrivate,
            ["source_id"] = message.SourceId,
            ["sender"] = message.Type == SimMessageType.Incoming ? Sender(conversation.Contact) : Agent(),
        };
        if (message.Files.Count > 0)
        {
            shape["attachments"] = new JsonArray([.. message.Files.Select(file => (JsonNode)new JsonObject { ["file_type"] = "image", ["data_url"] = file.Name, ["file_size"] = file.Bytes.Length })]);
        }

        return shape;
    }

    /// <summary>The body of <c>message_created</c> and <c>message_updated</c>.</summary>
    public static JsonObject Webhook(string name, SimMessage message, SimConversation conversation, long account) => new()
    {
        ["account"] = new JsonObject { ["id"] = account, ["name"] = "Acme" },
        ["additional_attributes"] = new JsonObject(),
        ["content_attributes"] = message.ContentAttributes.DeepClone(),
        ["content_type"] = "text",
        ["content"] = message.Content,
        ["conversation"] = Conversation(conversation),
        ["created_at"] = DateTimeOffset.FromUnixTimeSeconds(message.CreatedAt).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["updated_at"] = message.UpdatedAt,
        ["id"] = message.Id,
        ["inbox"] = new JsonObject { ["id"] = conversation.InboxId, ["name"] = "WhatsApp" },
        ["message_type"] = message.Type.ToString().ToLowerInvariant(),
        ["private"] = message.IsPrivate,
        ["sender"] = message.Type == SimMessageType.Incoming ? Sender(conversation.Contact) : Agent(),
        ["source_id"] = message.SourceId,
        ["event"] = name,
    };

    private static JsonObject Sender(SimContact contact) => new()
    {
        ["id"] = contact.Id,
        ["name"] = contact.Name,
        ["identifier"] = contact.Identifier,
        ["phone_number"] = contact.PhoneNumber,
        ["custom_attributes"] = contact.CustomAttributes.DeepClone(),
        ["additional_attributes"] = new JsonObject(),
        ["thumbnail"] = "",
        ["type"] = "contact",
    };

    private static JsonObject Agent() => new() { ["id"] = 7, ["name"] = "Agent Smith", ["available_name"] = "Smith", ["type"] = "user" };
}
