using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Messages;

/// <summary>A message of any kind to send; the builders beside this class make the contents.</summary>
/// <param name="Id">Chosen by the caller before the first try (<see cref="MessageIds"/>); sending the same id again is harmless.</param>
/// <param name="To">The chat, without device: a person by phone or LID, a group, a channel, <c>status@broadcast</c>.</param>
/// <param name="Content">What a person is to see, without the containers that the way there needs.</param>
public sealed record OutgoingMessage(string Id, Jid To, Message Content)
{
    /// <summary>Comes back with the message's event, also after a crash: by it callers know their own messages. Never leaves this process.</summary>
    public string? Tag { get; init; }

    /// <summary>For a channel's message with a file: what the media host called it (<see cref="Media.UploadedMedia.Handle"/>).</summary>
    public string? MediaHandle { get; init; }
}

/// <summary>A message that WhatsApp's server has acknowledged.</summary>
/// <param name="Time">The server's time of the message.</param>
public sealed record SentMessage(string Id, Events.Party Chat, DateTimeOffset Time);
