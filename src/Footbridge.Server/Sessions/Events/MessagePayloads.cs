using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Protocol.Generated;

namespace Footbridge.Server.Sessions.Events;

/// <summary>Messages as WAHA's <c>WAMessage</c>: the same shape in events, in answers, and from the archive.</summary>
internal static class MessagePayloads
{
    /// <param name="media">From <see cref="Media.MediaLinks"/>; null when the message has no file.</param>
    public static JsonObject Of(MessageReceived message, JsonObject? media)
    {
        var chat = WahaIds.ChatId(message.Chat);
        var payload = Common(message.MessageId, chat, message.IsFromMe, message.Time);
        payload["source"] = message.Origin == MessageOrigin.Api ? "api" : "app";
        payload["body"] = BodyOf(message.Content);
        payload["hasMedia"] = media is not null;
        if (media is not null) (payload["media"], payload["mediaUrl"]) = (media, media["url"]?.DeepClone());
        payload["ack"] = message.IsFromMe ? 1 : 2;
        payload["ackName"] = message.IsFromMe ? "SERVER" : "DEVICE";
        payload["replyTo"] = ReplyTo(message.Content);
        payload["_data"] = new JsonObject { ["notifyName"] = message.PushName, ["kind"] = KindOf(message.Content) };
        return payload;
    }

    public static JsonObject Of(MessageWaiting waiting)
    {
        var payload = Common(waiting.MessageId, WahaIds.ChatId(waiting.Chat), waiting.IsFromMe, waiting.Time);
        payload["_data"] = new JsonObject { ["notifyName"] = waiting.PushName, ["reason"] = waiting.Reason };
        return payload;
    }

    private static JsonObject Common(string id, string chat, bool isFromMe, DateTimeOffset time) => new()
    {
        ["id"] = WahaIds.MessageId(isFromMe, chat, id),
        ["timestamp"] = time.ToUnixTimeSeconds(),
        ["from"] = chat,
        ["fromMe"] = isFromMe,
        ["to"] = null,
        ["participant"] = null,
    };

    private static string? BodyOf(Message content) =>
        content.HasConversation ? content.Conversation
        : content.ExtendedTextMessage is { } extended ? extended.Text
        : content.ImageMessage is { HasCaption: true } image ? image.Caption
        : content.VideoMessage is { HasCaption: true } video ? video.Caption
        : content.DocumentMessage is { HasCaption: true } document ? document.Caption
        : null;

    private static JsonObject? ReplyTo(Message content) => content.ExtendedTextMessage?.ContextInfo is not { HasStanzaId: true } context ? null : new()
    {
        ["id"] = context.StanzaId,
        ["participant"] = Protocol.Xml.Jid.TryParse(context.Participant, out var author) ? WahaIds.ChatId(author) : null,
        ["body"] = context.QuotedMessage is { } quoted ? BodyOf(quoted) : null,
    };

    /// <summary>The name of the first content field, such as <c>imageMessage</c>, or null for a kind this schema does not know.</summary>
    private static string? KindOf(Message content) => Message.Descriptor.Fields.InFieldNumberOrder()
        .FirstOrDefault(field => field.HasPresence && field.Name is not ("messageContextInfo" or "senderKeyDistributionMessage") && field.Accessor.HasValue(content))?.Name;
}
