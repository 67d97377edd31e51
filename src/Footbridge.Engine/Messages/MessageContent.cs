using Footbridge.Protocol.Generated;

namespace Footbridge.Engine.Messages;

/// <summary>Takes a message out of the containers around it. Source: docs/protocol/messages.md.</summary>
internal static class MessageContent
{
    private const int MaxDepth = 8;

    /// <summary>The content itself; a container nobody knows is left as it is.</summary>
    public static Message Unwrap(Message message)
    {
        for (var depth = 0; depth < MaxDepth; depth++)
        {
            var inner = message.EphemeralMessage?.Message ?? message.ViewOnceMessage?.Message ?? message.ViewOnceMessageV2?.Message
                ?? message.ViewOnceMessageV2Extension?.Message ?? message.DocumentWithCaptionMessage?.Message ?? message.EditedMessage?.Message;
            if (inner is null) return message;
            inner.MessageContextInfo ??= message.MessageContextInfo;
            message = inner;
        }

        return message;
    }

    /// <summary>Whether a message carries only keys or settings between devices, and nothing for a person.</summary>
    public static bool IsOnlyForDevices(Message message)
    {
        if (message.SenderKeyDistributionMessage is null && message.ProtocolMessage is null) return message.CalculateSize() == 0;
        var copy = message.Clone();
        copy.SenderKeyDistributionMessage = null;
        copy.MessageContextInfo = null;
        if (copy.CalculateSize() == 0) return true;
        return message.ProtocolMessage is { } protocol && protocol.Type is not (
            Message.Types.ProtocolMessage.Types.Type.Revoke or Message.Types.ProtocolMessage.Types.Type.MessageEdit or Message.Types.ProtocolMessage.Types.Type.EphemeralSetting);
    }
}
