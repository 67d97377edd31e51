using Footbridge.Protocol.Generated;

namespace Footbridge.Engine.Events;

/// <summary>Part of the account's past, from its phone: for the archive, never to be told as new.</summary>
/// <param name="Kind">WhatsApp's name: <c>INITIAL_BOOTSTRAP</c>, <c>RECENT</c>, <c>FULL</c>, <c>PUSH_NAME</c>, <c>ON_DEMAND</c>, …</param>
/// <param name="Progress">Percent of the whole, when told.</param>
/// <remarks>A large history comes as several of these, each a chat or a slice of one.</remarks>
public sealed record HistoryReceived(string Id, DateTimeOffset Time, string Kind, int? Progress, IReadOnlyList<HistoryChat> Chats, IReadOnlyList<HistoryName> Names)
    : EngineEvent(Id, Time);

/// <summary>A chat as the phone had it.</summary>
/// <param name="MutedUntil">Null when not muted; <see cref="DateTimeOffset.MaxValue"/> for ever.</param>
public sealed record HistoryChat(
    Party Chat, string? Name, long Unread, bool IsArchived, bool IsPinned, DateTimeOffset? MutedUntil, long EphemeralSeconds, DateTimeOffset? LastActivity, IReadOnlyList<HistoryMessage> Messages);

/// <summary>A message of the past, content unwrapped.</summary>
public sealed record HistoryMessage(string MessageId, Party Sender, bool IsFromMe, DateTimeOffset Time, string? PushName, Message Content, AckLevel? Ack);

/// <summary>How a person calls itself.</summary>
public sealed record HistoryName(Party Person, string PushName);
