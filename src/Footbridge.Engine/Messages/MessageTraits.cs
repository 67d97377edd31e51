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
/// <param name="EventType">Attribute <c>event_type</c> of the stanza's <c>meta</c>.</param>
internal sealed record MessageTraits(string Type, string? MediaType = null, string? Edit = null, bool HidesFailure = false, string? PollType = null, string? EventType = null)
{
    /// <summary>Whether the message gets a secret of its own, which later add-ons to it are encrypted under.</summary>
    public bool HasSecret { get; private init; }

    /// <summary>Whether recipients can report it by its token.</summary>
    public bool IsReportable { get; private init; }

    /// <summary>The stanza's <c>biz</c> for menus, or null.</summary>
    public Node? Business { get; private init; }

    public static MessageTraits Of(Message message)
    {
        message = MessageContent.Unwrap(message);
        return OfAddOn(message) ?? OfContent(message) with { HasSecret = true, IsReportable = true, Business = BusinessOf(message) };
    }

    /// <summary>Messages about other messages, which have no secret.</summary>
    private static MessageTraits? OfAddOn(Message message)
    {
        if (message.ReactionMessage is { } reaction) return new("reaction", HidesFailure: true, Edit: reaction.Text.Length == 0 ? "7" : null);
        if (message.EncReactionMessage is not null) return new("reaction", HidesFailure: true);
        if (message.PollUpdateMessage is not null) return new("poll", HidesFailure: true, PollType: "vote");
        if (message.EncEventResponseMessage is not null) return new("event", HidesFailure: true, EventType: "response");
        if (message.PinInChatMessage is not null) return new("text", Edit: "2", HidesFailure: true);
        if (message.KeepInChatMessage is { } keep) return new("text", Edit: keep.KeepType == KeepType.UndoKeepForAll ? "7" : null, HidesFailure: true);
        if (message.SecretEncryptedMessage is not null) return new("text", Edit: "1", HidesFailure: true);
        return message.ProtocolMessage is { } protocol ? OfProtocol(protocol) with { IsReportable = true } : null;
    }

    private static MessageTraits OfContent(Message message)
    {
        if (Contents.PollContents.Find(message) is not null) return new("poll", PollType: "creation");
        if (message.EventMessage is not null) return new("event", EventType: "creation");
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
        : message.StickerPackMessage is not null ? "sticker_pack"
        : message.DocumentMessage is not null ? "document"
        : message.LocationMessage is not null ? "location"
        : message.LiveLocationMessage is not null ? "livelocation"
        : message.ContactMessage is not null ? "vcard"
        : message.ContactsArrayMessage is not null ? "contact_array"
        : message.ListMessage is not null ? "list"
        : message.ListResponseMessage is not null ? "list_response"
        : message.ButtonsResponseMessage is not null ? "buttons_response"
        : message.InteractiveResponseMessage is not null ? "native_flow_response"
        : message.ExtendedTextMessage is { HasMatchedText: true, HasTitle: true } ? "url"
        : null;

    /// <summary>The stanza's <c>meta</c>, or null.</summary>
    public Node? Meta => PollType is null && EventType is null ? null : Node.Of("meta", [("polltype", PollType), ("event_type", EventType)]);

    private static Node? BusinessOf(Message message) =>
        message.ListMessage is not null ? Node.Of("biz", Node.Of("list", [("type", "product_list"), ("v", 2)]))
        : message.InteractiveMessage is { NativeFlowMessage: not null }
            ? Node.Of("biz", Node.Of("interactive", [("type", "native_flow"), ("v", 1)], Node.Of("native_flow", [("v", 9), ("name", "mixed")])))
        : null;
}
