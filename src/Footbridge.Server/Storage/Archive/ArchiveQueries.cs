using Footbridge.Engine.Events;

namespace Footbridge.Server.Storage.Archive;

/// <summary>One page of a list.</summary>
/// <param name="Limit">Null for all.</param>
internal readonly record struct ArchivePage(int? Limit, int Offset, bool IsDescending)
{
    public long Take => Limit ?? long.MaxValue;
}

/// <summary>Which messages are meant; a null leaves a condition out.</summary>
/// <param name="From">Not before, Unix seconds.</param>
/// <param name="To">Not after, Unix seconds.</param>
internal sealed record MessageFilter(long? From = null, long? To = null, bool? IsFromMe = null, AckLevel? Ack = null)
{
    public static MessageFilter None { get; } = new();
}

internal enum ChatOrder
{
    LastMessage,
    Id,
    Name,
}
