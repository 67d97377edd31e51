using Footbridge.Engine.Events;
using Footbridge.Protocol.Generated;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using ProtocolType = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage.Types.Type;

namespace Footbridge.Engine.Messages;

/// <summary>Takes a message out of the containers around it. Source: docs/protocol/message-kinds.md.</summary>
internal static class MessageContent
{
    private const int MaxDepth = 8;

    /// <summary>Fields whose message holds a message of its own, as the schema says; the wrapper for own devices is not for people and stays out.</summary>
    private static readonly (FieldDescriptor Container, FieldDescriptor Inner, MessageFlags Flag)[] Containers =
    [
        .. Message.Descriptor.Fields.InFieldNumberOrder()
            .Where(field => field.FieldType == FieldType.Message && !field.IsRepeated && field.FieldNumber != Message.DeviceSentMessageFieldNumber)
            .Select(field => (field, field.MessageType.FindFieldByName("message"), FlagOf(field.FieldNumber)))
            .Where(c => c.Item2?.FieldType == FieldType.Message && c.Item2.MessageType == Message.Descriptor),
    ];

    /// <summary>The content itself; a container nobody knows is left as it is.</summary>
    public static Message Unwrap(Message message) => Unwrap(message, out _);

    /// <param name="flags">What the containers, and marks in the content, say about it.</param>
    public static Message Unwrap(Message message, out MessageFlags flags)
    {
        flags = MessageFlags.None;
        for (var depth = 0; depth < MaxDepth && Open(message, ref flags) is { } inner; depth++)
        {
            if (inner.MessageContextInfo is null && message.MessageContextInfo is { } outer)
            {
                inner = inner.Clone();
                inner.MessageContextInfo = outer;
            }

            message = inner;
        }

        if (message is { ImageMessage.ViewOnce: true } or { VideoMessage.ViewOnce: true } or { AudioMessage.ViewOnce: true } or { ExtendedTextMessage.ViewOnce: true }) flags |= MessageFlags.ViewOnce;
        return message;
    }

    /// <summary>Whether a message carries only keys or settings between devices, and nothing for a person.</summary>
    public static bool IsOnlyForDevices(Message message)
    {
        if (message.SenderKeyDistributionMessage is null && message.FastRatchetKeySenderKeyDistributionMessage is null && message.ProtocolMessage is null) return IsEmpty(message);
        if (IsEmpty(message)) return true;
        return message.ProtocolMessage is { } protocol && protocol.Type is not (
            ProtocolType.Revoke or ProtocolType.MessageEdit or ProtocolType.EphemeralSetting or ProtocolType.LimitSharing or ProtocolType.GroupMemberLabelChange);
    }

    /// <summary>Whether nothing but keys and bookkeeping stands in it; measured, not copied: every message that comes goes through here.</summary>
    private static bool IsEmpty(Message message) => message.CalculateSize() == new Message
    {
        SenderKeyDistributionMessage = message.SenderKeyDistributionMessage,
        FastRatchetKeySenderKeyDistributionMessage = message.FastRatchetKeySenderKeyDistributionMessage,
        MessageContextInfo = message.MessageContextInfo,
    }.CalculateSize();

    private static Message? Open(Message message, ref MessageFlags flags)
    {
        foreach (var (container, inner, flag) in Containers)
        {
            if (container.Accessor.GetValue(message) is not IMessage wrapper || inner.Accessor.GetValue(wrapper) is not Message content) continue;
            flags |= flag;
            return content;
        }

        return null;
    }

    private static MessageFlags FlagOf(int field) => field switch
    {
        Message.ViewOnceMessageFieldNumber or Message.ViewOnceMessageV2FieldNumber or Message.ViewOnceMessageV2ExtensionFieldNumber => MessageFlags.ViewOnce,
        Message.EphemeralMessageFieldNumber => MessageFlags.Ephemeral,
        Message.EditedMessageFieldNumber => MessageFlags.Edited,
        Message.DocumentWithCaptionMessageFieldNumber => MessageFlags.DocumentWithCaption,
        Message.LottieStickerMessageFieldNumber => MessageFlags.LottieSticker,
        Message.GroupMentionedMessageFieldNumber => MessageFlags.GroupMention,
        Message.BotInvokeMessageFieldNumber => MessageFlags.BotInvoke,
        Message.AssociatedChildMessageFieldNumber => MessageFlags.AssociatedChild,
        Message.CommentMessageFieldNumber => MessageFlags.Comment,
        Message.GroupStatusMessageFieldNumber or Message.GroupStatusMessageV2FieldNumber => MessageFlags.GroupStatus,
        _ => MessageFlags.OtherContainer,
    };
}
