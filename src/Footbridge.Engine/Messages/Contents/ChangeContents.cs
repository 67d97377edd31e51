using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using ProtocolType = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage.Types.Type;

namespace Footbridge.Engine.Messages.Contents;

/// <summary>Messages about other messages: reactions, edits, revokes, pins. Source: docs/protocol/message-kinds.md.</summary>
public static class ChangeContents
{
    /// <param name="emoji">Empty takes the reaction back.</param>
    public static Message Reaction(Jid chat, MessageTarget target, string emoji, DateTimeOffset now) => new()
    {
        ReactionMessage = new() { Key = target.KeyIn(chat), Text = emoji, SenderTimestampMs = now.ToUnixTimeMilliseconds() },
    };

    /// <summary>New text for a message of the account; a new caption when the original is media.</summary>
    /// <param name="original">What is known of the message; null when it is a text.</param>
    /// <param name="preview">Of a link in the text; captions have none.</param>
    public static Message Edit(Jid chat, MessageTarget target, string text, Message? original, DateTimeOffset now, MessageContext? context = null, LinkPreview? preview = null)
    {
        var edit = new Message.Types.ProtocolMessage
        {
            Type = ProtocolType.MessageEdit,
            Key = target.KeyIn(chat),
            EditedMessage = Captioned(original, text) ?? TextContents.Text(text, context, preview),
            TimestampMs = now.ToUnixTimeMilliseconds(),
        };
        return new() { EditedMessage = new() { Message = new() { ProtocolMessage = edit } } };
    }

    /// <summary>Takes a message back for everybody: one of the account's, or as a group's admin one of another's.</summary>
    public static Message Revoke(Jid chat, MessageTarget target) => new() { ProtocolMessage = new() { Type = ProtocolType.Revoke, Key = target.KeyIn(chat) } };

    /// <param name="duration">24 hours, 7 days or 30 days, in seconds.</param>
    public static Message Pin(Jid chat, MessageTarget target, uint duration, DateTimeOffset now) => new()
    {
        PinInChatMessage = new() { Key = target.KeyIn(chat), Type = Message.Types.PinInChatMessage.Types.Type.PinForAll, SenderTimestampMs = now.ToUnixTimeMilliseconds() },
        MessageContextInfo = new() { MessageAddOnDurationInSecs = duration },
    };

    public static Message Unpin(Jid chat, MessageTarget target, DateTimeOffset now) => new()
    {
        PinInChatMessage = new() { Key = target.KeyIn(chat), Type = Message.Types.PinInChatMessage.Types.Type.UnpinForAll, SenderTimestampMs = now.ToUnixTimeMilliseconds() },
    };

    /// <summary>How long new messages of a direct chat live; 0 for ever.</summary>
    public static Message EphemeralSetting(uint seconds, DateTimeOffset now) => new()
    {
        ProtocolMessage = new() { Type = ProtocolType.EphemeralSetting, EphemeralExpiration = seconds, EphemeralSettingTimestamp = now.ToUnixTimeSeconds() },
    };

    private static Message? Captioned(Message? original, string caption)
    {
        if (original is null) return null;
        var edited = original.Clone();
        edited.MessageContextInfo = null;
        if (edited.ImageMessage is { } image) image.Caption = caption;
        else if (edited.VideoMessage is { } video) video.Caption = caption;
        else if (edited.DocumentMessage is { } document) document.Caption = caption;
        else return null;
        return edited;
    }
}
