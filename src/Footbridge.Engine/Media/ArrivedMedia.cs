using Footbridge.Engine.Events;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Media;

/// <summary>The file of one message, with what its phone must be told to upload it again.</summary>
/// <param name="Chat">As the message's stanza had it.</param>
/// <param name="Participant">Who sent it, in groups; null in 1:1 chats.</param>
public sealed record ArrivedMedia(MediaReference Reference, string MessageId, Jid Chat, bool IsFromMe, Jid? Participant)
{
    /// <summary>The file of a message; null when it has none that can be fetched. Only channels have files in clear.</summary>
    public static ArrivedMedia? Of(MessageReceived message) =>
        MediaReference.Of(message.Content) is not { } reference || (reference.IsInClear && message.Chat.Address.Server != JidServer.Newsletter) ? null
        : new(reference, message.MessageId, message.Chat.Address, message.IsFromMe, message.Chat.Address.IsUser ? null : message.Sender.Address);
}
