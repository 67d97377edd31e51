using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Channels;

/// <summary>What the account is in a channel.</summary>
public enum ChannelRole
{
    /// <summary>Does not follow it.</summary>
    Guest,
    Subscriber,
    Admin,
    Owner,
}

/// <summary>A channel, as the server knows it.</summary>
/// <param name="InviteCode">The last part of its public link; null when it has none.</param>
/// <param name="Picture">Path and query on WhatsApp's media host, in clear; null when it has none.</param>
/// <param name="Preview">The same for the small picture.</param>
/// <param name="IsMuted">Null when the server did not say.</param>
public sealed record ChannelInfo(
    Jid Id, string Name, string? InviteCode, ChannelRole Role, string? Description, bool IsVerified, long Subscribers, string? Picture, string? Preview, bool? IsMuted);

/// <summary>A part of a search's result.</summary>
/// <param name="EndCursor">Where the next part begins; null on the last.</param>
public sealed record ChannelPage(IReadOnlyList<ChannelInfo> Channels, string? StartCursor, string? EndCursor, bool HasNext, bool HasPrevious);

/// <summary>How a search of the directory is narrowed down.</summary>
/// <param name="Categories">Names such as <c>BUSINESS</c>; empty for all.</param>
/// <param name="Limit">Channels in one part, at most.</param>
/// <param name="StartCursor">The end cursor of the part before; null for the first part.</param>
public sealed record ChannelSearch(IReadOnlyList<string> Categories, int Limit, string? StartCursor);

/// <summary>A message of a channel as the server keeps it, with what people made of it.</summary>
/// <param name="ServerId">Its number in the channel: reactions and views name it.</param>
/// <param name="Content">Unwrapped; null when it was taken back, or cannot be read.</param>
/// <param name="Reactions">How many people reacted, by emoji.</param>
public sealed record ChannelPost(long ServerId, string Id, DateTimeOffset Time, Message? Content, bool IsFromMe, long Views, IReadOnlyDictionary<string, long> Reactions);
