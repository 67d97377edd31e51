using System.Text.Json.Nodes;
using Footbridge.Engine.Messages;

namespace Footbridge.Server.Apps.Chatwoot.ToWhatsApp;

/// <summary>A message that an agent wrote, as its callback tells of it.</summary>
internal sealed record AgentMessage(ChatwootContext Context, InboxData Data)
{
    public string App => Data.App;

    public JsonObject Body => Data.Body;

    public long Id { get; } = Data.Body["id"]!.GetValue<long>();

    public long Conversation { get; } = Data.Body["conversation"]!["id"]!.GetValue<long>();

    public string Content => Body["content"]?.ToString() ?? "";

    /// <summary>The Chatwoot id of the message that is answered.</summary>
    public long? ReplyTo => CallbackFields.Number(CallbackFields.Child(Body["content_attributes"], "in_reply_to"));

    /// <summary>The same message's WhatsApp id, when it came from there.</summary>
    public string? ReplyToExternal => (Body["content_attributes"] as JsonObject)?["in_reply_to_external_id"] is JsonValue value && value.TryGetValue<string>(out var id) && id.Length > 0 ? id : null;

    /// <summary>The WhatsApp id of a part, the same at every try.</summary>
    public string IdOf(int part) => IdOf(App, Conversation, Id, part);

    public static string IdOf(string app, long conversation, long cwId, int part) => MessageIds.Derive($"{app}/{conversation}/{cwId}/{part}");

    /// <summary>What the map knows a message by that was deleted before it was sent.</summary>
    public string DeletedMark => IdOf(1) + ":deleted";

    /// <summary>The WhatsApp id of what is done to a message later, the same at every try.</summary>
    public string IdOf(string deed, int part) => MessageIds.Derive($"{App}/{Conversation}/{Id}/{deed}/{part}");
}
