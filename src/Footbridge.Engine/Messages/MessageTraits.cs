using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using ProtocolType = Footbridge.Protocol.Generated.Message.Types.ProtocolMessage.Types.Type;

namespace Footbridge.Engine.Messages;

/// <summary>What a message's stanza says about its content in clear. Source: docs/protocol/messages.md.</summary>
/// <param name="Type">Attribute <c>type</c> of the stanza.</param>
/// <param name="MediaType">Attribute <c>mediatype</c> of each <c>enc</c>.</param>
/// <param name="Edit">Attribute <c>edit</c> of the stanza.</param>
/// <param name="HidesFailure">A device that cannot decrypt it shows nothing.</param>
/// <param name="PollType">Attribute <c>polltype</c> of the stanza's <c>meta</c>.</param>
internal sealed record MessageTraits(string Type, string? MediaType = null, string? Edit = null, bool HidesFailure = false, string? PollType = null)
{
    public static MessageTraits Of(Message message)
    {
        message = MessageContent.Unwrap(message);
        if (message.ReactionMessage is { } reaction) return new("reaction", HidesFailure: true, Edit: reaction.Text.Length == 0 ? "7" : null);
        if (message.EncReactionMessage is not null) return new("reaction", HidesFailure: true);
        if (message.PollCreationMessage is not null || message.PollCreationMessageV2 is not null || message.PollCreationMessageV3 is not null) return new("poll", PollType: "creation");
        if (message.PollUpdateMessage is not null) return new("poll", HidesFailure: true, PollType: "vote");
        if (message.EventMessage is not null || message.EncEventResponseMessage is not null) return new("event");
        if (message.PinInChatMessage is not null) return new("text", Edit: "2", HidesFailure: true);
        if (message.KeepInChatMessage is not null) return new("text", Edit: "7", HidesFailure: true);
        if (message.ProtocolMessage is { } protocol) return OfProtocol(protocol);
        return MediaTypeOf(message) is { } media ? new("media", media) : new("text");
    }

    private static MessageTraits OfProtocol(Message.Types.ProtocolMessage protocol) => protocol.Type switch
    {
        ProtocolType.MessageEdit => new("text", Edit: "1", HidesFailure: true),
        ProtocolType.Revoke => new("text", Edit: protocol.Key is { HasParticipant: true, FromMe: false } ? "8" : "7", HidesFailure: true),
        _ => new("text"),
    };

    private static string? MediaTypeOf(Message message) =>
        message.ImageMessage is not null ? "image"
        : message.VideoMessage is { } video ? video.GifPlayback ? "gif" : "video"
        : message.PtvMessage is not null ? "ptv"
        : message.AudioMessage is { } audio ? audio.Ptt ? "ptt" : "audio"
        : message.StickerMessage is not null ? "sticker"
        : message.DocumentMessage is not null ? "document"
        : message.LocationMessage is not null ? "location"
        : message.LiveLocationMessage is not null ? "livelocation"
        : message.ContactMessage is not null ? "vcard"
        : message.ContactsArrayMessage is not null ? "contact_array"
        : message.ExtendedTextMessage is { HasMatchedText: true, HasTitle: true } ? "url"
        : null;

    /// <summary>The stanza's <c>meta</c>, or null.</summary>
    public Node? Meta => PollType is null ? null : Node.Of("meta", [("polltype", PollType)]);
}
