using Footbridge.Engine.Events;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.AppState;

/// <summary>What the host knows of a chat's messages; the engine itself keeps none.</summary>
public interface IChatHistory
{
    /// <summary>The newest message of a chat, or null when none is known.</summary>
    ValueTask<LastMessage?> LastMessageAsync(Party chat, CancellationToken ct);
}

/// <summary>A message that is named to other devices.</summary>
/// <param name="Sender">Who wrote it in a group; null in a chat with one person.</param>
public sealed record LastMessage(string MessageId, bool IsFromMe, Jid? Sender, DateTimeOffset Time);
