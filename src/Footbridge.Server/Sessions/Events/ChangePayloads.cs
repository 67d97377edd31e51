using System.Text.Json.Nodes;
using Footbridge.Engine.Events;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using ProtocolType = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage.Types.Type;

namespace Footbridge.Server.Sessions.Events;

/// <summary>Messages about other messages: reactions, edits and revokes, each an event of its own kind.</summary>
internal static class ChangePayloads
{
    /// <summary>The events that a message is told as; none when it is nothing for people.</summary>
    /// <param name="media">The message's file, from <see cref="Media.MediaLinks"/>.</param>
    public static IEnumerable<(string Event, JsonObject Payload)> Describe(MessageReceived message, JsonObject? media)
    {
        var content = message.Content;
        if (content.ReactionMessage is { Key: not null } reaction) return [(PublicEvent.MessageReaction, Reaction(message, reaction))];
        if (content.ProtocolMessage is { Type: ProtocolType.MessageEdit, Key: not null, EditedMessage: { } edited } edit) return [(PublicEvent.MessageEdited, Edited(message, edit.Key, edited))];
        if (content.ProtocolMessage is { Type: ProtocolType.Revoke, Key: not null } revoke) return [(PublicEvent.MessageRevoked, Revoked(message, revoke.Key))];
        // Encrypted changes whose message is not known, changes that name no message, pins, kept messages and settings say nothing by themselves.
        if (content.ReactionMessage is not null || content.ProtocolMessage is not null || content.PinInChatMessage is not null || content.KeepInChatMessage is not null || content.EncReactionMessage is not null
            || content.SecretEncryptedMessage is not null || content.PollUpdateMessage is not null || content.EncEventResponseMessage is not null) return [];
        // Those who are told get `message` out of it as well: EventNames.
        return [(PublicEvent.MessageAny, MessagePayloads.Of(message, media))];
    }

    private static JsonObject Reaction(MessageReceived message, Message.Types.ReactionMessage reaction)
    {
        var payload = MessagePayloads.Common(message.MessageId, message.Chat, message.Sender, message.IsFromMe, message.Time);
        payload["source"] = message.Origin == MessageOrigin.Api ? "api" : "app";
        payload["reaction"] = new JsonObject { ["text"] = reaction.Text, ["messageId"] = TargetId(message, reaction.Key) };
        payload["_data"] = MessagePayloads.Data(message);
        return payload;
    }

    private static JsonObject Edited(MessageReceived message, MessageKey target, Message edited)
    {
        var payload = MessagePayloads.Of(message with { Content = edited }, null);
        payload["editedMessageId"] = target.Id;
        payload["_data"] = MessagePayloads.Data(message);
        return payload;
    }

    private static JsonObject Revoked(MessageReceived message, MessageKey target)
    {
        var data = MessagePayloads.Data(message);
        return new()
        {
            ["after"] = MessagePayloads.Of(message, null),
            ["before"] = null,
            ["revokedMessageId"] = target.Id,
            ["_data"] = data,
        };
    }

    /// <summary>The full id of the message that a change is about, as its receiver sees it: the key's <c>fromMe</c> is its sender's.</summary>
    private static string TargetId(MessageReceived message, MessageKey key)
    {
        var isGroup = !message.Chat.Address.IsUser && message.Chat.Address.Server != JidServer.Newsletter;
        // In a direct chat or a channel what is not the sender's is the other's; in a group it is somebody's who is named.
        var isMine = isGroup ? message.IsFromMe && key.FromMe : message.IsFromMe == key.FromMe;
        var author = !isGroup ? null : key.FromMe ? WahaIds.ChatId(message.Sender) : Jid.TryParse(key.Participant, out var named) ? WahaIds.ChatId(named) : null;
        return WahaIds.MessageId(isMine, WahaIds.ChatId(message.Chat), key.Id, author);
    }
}
