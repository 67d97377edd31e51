using Footbridge.Engine.Events;
using Footbridge.Protocol.Generated;
using ProtocolType = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage.Types.Type;

namespace Footbridge.Server.Storage.Archive;

/// <summary>What a message's content means for the archive.</summary>
internal static class ArchiveContent
{
    /// <summary>Whether it stands by itself in a chat; reactions, votes, pins and the like only say something about another.</summary>
    public static bool IsMessage(Message content) =>
        content is { ReactionMessage: null, EncReactionMessage: null, PollUpdateMessage: null, ProtocolMessage: null, KeepInChatMessage: null, PinInChatMessage: null, SecretEncryptedMessage: null, EncCommentMessage: null, EncEventResponseMessage: null };

    /// <summary>The message that is changed and its new content, or null.</summary>
    public static (string Id, Message Content)? EditOf(MessageReceived message) =>
        message.Content.ProtocolMessage is { Type: ProtocolType.MessageEdit, Key.HasId: true, EditedMessage: { } edited } protocol ? (protocol.Key.Id, edited) : null;

    /// <summary>The message that is taken back, or null.</summary>
    public static string? RevokedBy(MessageReceived message) =>
        message.Content.ProtocolMessage is { HasType: true, Type: ProtocolType.Revoke, Key.HasId: true } protocol ? protocol.Key.Id : null;

    /// <summary>Whether a group's admin takes back somebody else's message. WhatsApp's server lets nobody else do so.</summary>
    public static bool IsByAdmin(MessageReceived message) => message.Chat.Address.IsGroup && message.Content.ProtocolMessage is { Key: { HasParticipant: true, FromMe: false } };

    /// <summary>The original with the edit made: the caption of a file is changed and the file stays; a text is replaced.</summary>
    public static Message Edit(Message original, Message edited)
    {
        if (CaptionOf(edited) is not { } caption) return edited;
        var changed = original.Clone();
        if (changed.ImageMessage is { } image) image.Caption = caption;
        else if (changed.VideoMessage is { } video) video.Caption = caption;
        else if (changed.DocumentMessage is { } document) document.Caption = caption;
        else return Text(original, edited);
        return changed;
    }

    private static string? CaptionOf(Message content) =>
        content.HasConversation ? content.Conversation
        : content.ExtendedTextMessage is { HasText: true } text ? text.Text
        : content.ImageMessage is { } image ? image.Caption
        : content.VideoMessage is { } video ? video.Caption
        : content.DocumentMessage is { } document ? document.Caption
        : null;

    /// <summary>An edit does not repeat what the message answered; that stays.</summary>
    private static Message Text(Message original, Message edited)
    {
        if (original.ExtendedTextMessage?.ContextInfo is not { } context) return edited;
        var changed = edited.Clone();
        if (changed.HasConversation) changed = new() { ExtendedTextMessage = new() { Text = edited.Conversation }, MessageContextInfo = edited.MessageContextInfo };
        if (changed.ExtendedTextMessage is { ContextInfo: null } text) text.ContextInfo = context.Clone();
        return changed;
    }
}
