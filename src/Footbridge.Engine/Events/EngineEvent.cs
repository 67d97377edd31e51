using Footbridge.Engine.Messages.Details;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Events;

/// <summary>Something the account took in that must not be lost: it is committed with the state change that produced it.</summary>
/// <param name="Id">Unique in the account and the same when the same thing arrives again; the ledger's and the job's id.</param>
/// <param name="Time">When it happened, by WhatsApp's clock.</param>
public abstract record EngineEvent(string Id, DateTimeOffset Time);

/// <summary>Both addresses of a chat or a person, as far as known; at least one is set.</summary>
/// <param name="Address">As the stanza had it, without device.</param>
/// <param name="Phone">The phone-number form (<c>…@s.whatsapp.net</c>), when known.</param>
/// <param name="Lid">The LID form (<c>…@lid</c>), when known.</param>
public readonly record struct Party(Jid Address, Jid? Phone, Jid? Lid);

/// <summary>A message, from somebody else or from another device of the account.</summary>
/// <param name="MessageId">WhatsApp's id; unique per chat and sender.</param>
/// <param name="Content">Unwrapped of device-sent and ephemeral containers; a kind nobody knows is passed on as it is.</param>
/// <param name="IsOffline">It waited on the server while the account was away.</param>
public sealed record MessageReceived(
    string Id, DateTimeOffset Time, string MessageId, Party Chat, Party Sender, bool IsFromMe, string? PushName, Message Content, bool IsOffline)
    : EngineEvent(Id, Time)
{
    public MessageOrigin Origin { get; init; }

    /// <summary>The mark its caller gave it, for messages that this client sent.</summary>
    public string? Tag { get; init; }

    /// <summary>What stood around the content.</summary>
    public MessageFlags Flags { get; init; }

    /// <summary>What the content is about besides its text, in typed form; empty for plain messages.</summary>
    public IReadOnlyList<MessageDetail> Details => MessageDetails.Of(Content);
}

/// <summary>What the containers around a message's content say about it.</summary>
[Flags]
public enum MessageFlags
{
    None = 0,
    ViewOnce = 1,
    Ephemeral = 2,
    Edited = 4,
    DocumentWithCaption = 8,
    LottieSticker = 16,
    GroupMention = 32,
    BotInvoke = 64,

    /// <summary>One of an album, or the better version of a picture sent before.</summary>
    AssociatedChild = 128,
    Comment = 256,
    GroupStatus = 512,

    /// <summary>It came encrypted under the secret of the message it belongs to.</summary>
    Encrypted = 1024,

    /// <summary>A container that has no name here.</summary>
    OtherContainer = 2048,
}

/// <summary>Where a message of the account was written.</summary>
public enum MessageOrigin
{
    /// <summary>On the phone or another device, or by somebody else.</summary>
    Elsewhere,

    /// <summary>By this client.</summary>
    Api,
}

/// <summary>A message that could not be decrypted; it has been asked for again. <see cref="MessageReceived"/> with the same message id may follow.</summary>
public sealed record MessageWaiting(
    string Id, DateTimeOffset Time, string MessageId, Party Chat, Party Sender, bool IsFromMe, string? PushName, string Reason)
    : EngineEvent(Id, Time);

/// <summary>How far a message has come. The numbers are WAHA's.</summary>
public enum AckLevel
{
    Error = -1,
    Pending = 0,
    Server = 1,
    Device = 2,
    Read = 3,
    Played = 4,
}

/// <summary>A message of the account reached a level at the other side (or, from the account's own phone, was read there).</summary>
/// <param name="IsFromMe">Whose message it is: true for messages the account sent.</param>
public sealed record MessageAcked(
    string Id, DateTimeOffset Time, string MessageId, Party Chat, Party Participant, bool IsFromMe, AckLevel Level, string? Error)
    : EngineEvent(Id, Time);
