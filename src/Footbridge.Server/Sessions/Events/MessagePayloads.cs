using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Google.Protobuf;

namespace Footbridge.Server.Sessions.Events;

/// <summary>Messages as WAHA's <c>WAMessage</c>: the same shape in events, in answers, and from the archive.</summary>
internal static class MessagePayloads
{
    /// <summary>With what stands around it below 64, where most readers of JSON give up, ours among them.</summary>
    private const int MaxShownDepth = 48;

    private static readonly JsonFormatter Raw = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(false));

    /// <param name="media">From <see cref="Media.MediaLinks"/>; null when the message has no file, or it is not looked for.</param>
    public static JsonObject Of(MessageReceived message, JsonObject? media)
    {
        var content = message.Content;
        var payload = Common(message.MessageId, message.Chat, message.Sender, message.IsFromMe, message.Time);
        payload["source"] = message.Origin == MessageOrigin.Api ? "api" : "app";
        payload["body"] = MessageTexts.BodyOf(content);
        payload["hasMedia"] = media is not null || MessageTexts.HasMedia(content);
        payload["media"] = media;
        if (media is not null) payload["mediaUrl"] = media["url"]?.DeepClone();
        payload["ack"] = (int)(message.IsFromMe ? AckLevel.Server : AckLevel.Device);
        payload["ackName"] = AckPayloads.NameOf(message.IsFromMe ? AckLevel.Server : AckLevel.Device);
        if (LocationOf(content) is { } location) payload["location"] = location;
        payload["vCards"] = new JsonArray([.. MessageTexts.VcardsOf(content).Select(card => (JsonNode)card)]);
        payload["replyTo"] = ReplyTo(content);
        payload["_data"] = Data(message);
        return payload;
    }

    public static JsonObject Of(MessageWaiting waiting)
    {
        var payload = Common(waiting.MessageId, waiting.Chat, waiting.Sender, waiting.IsFromMe, waiting.Time);
        payload["source"] = "app";
        payload["body"] = null;
        payload["hasMedia"] = false;
        payload["ack"] = null;
        payload["ackName"] = "UNKNOWN";
        payload["vCards"] = new JsonArray();
        payload["_data"] = new JsonObject { ["pushName"] = waiting.PushName, ["notifyName"] = waiting.PushName, ["reason"] = waiting.Reason };
        return payload;
    }

    /// <summary>The id by which everybody knows a message: in groups with its author.</summary>
    public static string IdOf(string id, Party chat, Party sender, bool isFromMe) => WahaIds.MessageId(isFromMe, WahaIds.ChatId(chat), id, ParticipantOf(chat, sender));

    /// <summary>Who wrote a message, in groups, broadcasts and the status feed; null in direct chats and channels.</summary>
    public static string? ParticipantOf(Party chat, Party sender) => chat.Address.IsUser || chat.Address.Server == JidServer.Newsletter ? null : WahaIds.ChatId(sender);

    /// <summary>The fields that all kinds of events about messages share.</summary>
    public static JsonObject Common(string id, Party chat, Party sender, bool isFromMe, DateTimeOffset time) => new()
    {
        ["id"] = IdOf(id, chat, sender, isFromMe),
        ["timestamp"] = time.ToUnixTimeSeconds(),
        ["from"] = WahaIds.ChatId(chat),
        ["fromMe"] = isFromMe,
        ["to"] = chat.Address.IsGroup ? WahaIds.ChatId(chat) : null,
        ["participant"] = ParticipantOf(chat, sender),
    };

    /// <summary>The message as the engine has it, for those who look below WAHA's shape; without its secret.</summary>
    public static JsonObject Data(MessageReceived message)
    {
        var content = message.Content;
        var data = new JsonObject
        {
            ["key"] = new JsonObject { ["remoteJid"] = message.Chat.Address.ToString(), ["fromMe"] = message.IsFromMe, ["id"] = message.MessageId },
            ["messageTimestamp"] = message.Time.ToUnixTimeSeconds(),
            ["pushName"] = message.PushName,
            ["notifyName"] = message.PushName,
            ["kind"] = MessageTexts.KindOf(content),
        };
        if (ParticipantOf(message.Chat, message.Sender) is not null) data["key"]!["participant"] = message.Sender.Address.ToString();
        if (message.Chat.Phone is { } phone) data["remoteJidAlt"] = phone.ToString();
        if (message.Flags != MessageFlags.None) data["flags"] = new JsonArray([.. NamesOf(message.Flags)]);
        if (DetailPayloads.Of(message.Details) is { } details) data["details"] = details;
        var shown = content.Clone();
        shown.MessageContextInfo = null;
        data["message"] = Shown(shown);
        if (data["kind"] is null || data["message"] is null) data["raw"] = Convert.ToBase64String(shown.ToByteArray());
        return data;
    }

    private static JsonObject? LocationOf(Message content)
    {
        if (content.LocationMessage is { } place)
        {
            var location = Place(false, place.DegreesLatitude, place.DegreesLongitude, place.JpegThumbnail);
            if (place.HasName) location["name"] = place.Name;
            if (place.HasAddress) location["address"] = place.Address;
            if (place.HasUrl) location["url"] = place.Url;
            if (place.HasComment) location["description"] = place.Comment;
            return location;
        }

        if (content.LiveLocationMessage is not { } live) return null;
        var moving = Place(true, live.DegreesLatitude, live.DegreesLongitude, live.JpegThumbnail);
        if (live.HasCaption) moving["description"] = live.Caption;
        return moving;
    }

    private static JsonObject Place(bool isLive, double latitude, double longitude, ByteString thumbnail)
    {
        var place = new JsonObject { ["live"] = isLive, ["latitude"] = Degrees(latitude), ["longitude"] = Degrees(longitude) };
        if (thumbnail.Length > 0) place["thumbnail"] = thumbnail.ToBase64();
        return place;
    }

    private static string Degrees(double value) => value.ToString("0.##############", System.Globalization.CultureInfo.InvariantCulture);

    private static JsonObject? ReplyTo(Message content)
    {
        if (ContextInfos.Find(content) is not { HasStanzaId: true, StanzaId.Length: > 0 } context) return null;
        var quoted = context.QuotedMessage;
        var reply = new JsonObject
        {
            ["id"] = context.StanzaId,
            ["participant"] = Jid.TryParse(context.Participant, out var author) && author.User.Length > 0 ? WahaIds.ChatId(author) : null,
            ["body"] = quoted is null ? null : MessageTexts.BodyOf(quoted),
            ["hasMedia"] = quoted is not null && MessageTexts.HasMedia(quoted),
        };
        if (quoted is not null) reply["_data"] = Shown(quoted);
        return reply;
    }

    /// <summary>All fields; null when they lie deeper in each other than readers of JSON follow.</summary>
    private static JsonNode? Shown(Message content)
    {
        try
        {
            return JsonNode.Parse(Raw.Format(content), documentOptions: new() { MaxDepth = MaxShownDepth });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IEnumerable<JsonNode?> NamesOf(MessageFlags flags) => Enum.GetValues<MessageFlags>()
        .Where(flag => flag != MessageFlags.None && flags.HasFlag(flag)).Select(flag => (JsonNode?)(char.ToLowerInvariant(flag.ToString()[0]) + flag.ToString()[1..]));
}
