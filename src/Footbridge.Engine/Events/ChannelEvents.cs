using Footbridge.Engine.Channels;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Events;

/// <summary>People looked at or reacted to messages of a channel that is being watched (<see cref="ChannelsFeature.Watch"/>).</summary>
/// <param name="Posts">The counts as they are now; without content.</param>
public sealed record ChannelCounted(string Id, DateTimeOffset Time, Jid Channel, IReadOnlyList<ChannelPost> Posts) : EngineEvent(Id, Time);
