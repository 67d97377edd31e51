using System.Text.Json.Nodes;
using Footbridge.Simulator.Chatwoot.State;

namespace Footbridge.Simulator.Chatwoot.Webhooks;

/// <summary>Bodies of callbacks. The same field has other types here than in the API: strings for message types, ISO times.</summary>
internal static class WebhookShapes
{
    private static readonly string[] NotInCallbacks = ["account_id", "muted", "assignee_last_seen_at"];

    /// <summary>The body of <c>message_created</c> and <c>message_updated</c>; there is no status at its top.</summary>
    public static JsonObject Message(string name, SimMessage message, SimConversation conversation, SimInbox inbox)
    {
        var shape = new JsonObject
        {
            ["account"] = Account(),
            ["additional_attributes"] = new JsonObject(),
            ["content_attributes"] = message.ContentAttributes.DeepClone(),
            ["content_type"] = message.ContentType,
            ["content"] = message.Profile.CutsBackslashes ? message.Content?.Replace("\\\n", "\n", StringComparison.Ordinal).TrimEnd('\n') : message.Content,
            ["conversation"] = Conversation(conversation),
            ["created_at"] = Shapes.Iso(message.CreatedAt),
            ["id"] = message.Id,
            ["inbox"] = new JsonObject { ["id"] = inbox.Id, ["name"] = inbox.Name },
            ["message_type"] = message.Type.ToString().ToLowerInvariant(),
            ["private"] = message.IsPrivate,
            ["sender"] = Sender(message, conversation.Contact),
            ["source_id"] = message.SourceId,
            ["event"] = name,
        };
        if (message.Files.Count > 0) shape["attachments"] = Shapes.Attachments(message);
        return shape;
    }

    public static JsonObject ConversationEvent(string name, SimConversation conversation, JsonArray? changed)
    {
        var shape = Conversation(conversation);
        shape["event"] = name;
        // Computed after the commit, when nothing is left to see: null in conversation_status_changed.
        if (name != "conversation_created") shape["changed_attributes"] = changed?.DeepClone();
        return shape;
    }

    public static JsonObject Typing(string name, JsonObject who, SimConversation conversation, bool isPrivate) =>
        new() { ["event"] = name, ["user"] = who, ["conversation"] = Conversation(conversation), ["is_private"] = isPrivate };

    private static JsonObject Conversation(SimConversation conversation)
    {
        var shape = Shapes.Conversation(conversation);
        foreach (var field in NotInCallbacks) shape.Remove(field);
        var newest = conversation.Messages.LastOrDefault(m => !m.IsPrivate && m.Type != SimMessageType.Activity);
        shape["channel"] = "Channel::Api";
        if (conversation.Profile.NamesAccount) shape["account"] = Account();
        shape["contact_inbox"] = new JsonObject { ["contact_id"] = conversation.Contact.Id, ["inbox_id"] = conversation.InboxId, ["source_id"] = conversation.SourceId, ["hmac_verified"] = false };
        shape["messages"] = newest is null ? [] : new JsonArray(Shapes.Push(newest, conversation));
        shape["meta"] = new JsonObject { ["sender"] = Shapes.Typed(conversation.Contact), ["assignee"] = null, ["assignee_type"] = null, ["team"] = null, ["hmac_verified"] = false };
        shape["first_reply_created_at"] = conversation.FirstReplyAt == 0 ? null : Shapes.Iso(conversation.FirstReplyAt);
        return shape;
    }

    private static JsonObject? Sender(SimMessage message, SimContact contact)
    {
        if (message.Type == SimMessageType.Template) return null;
        if (message.Type == SimMessageType.Outgoing) return new() { ["id"] = 7, ["name"] = "Agent Smith", ["email"] = "agent@acme.test", ["type"] = "user" };
        var shape = Shapes.Bare(contact);
        shape.Remove("availability_status");
        shape["account"] = Account();
        shape["avatar"] = "";
        return shape;
    }

    private static JsonObject Account() => new() { ["id"] = ChatwootSimulator.AccountId, ["name"] = "Acme" };
}
