using Footbridge.Engine.Events;
using Footbridge.Protocol.Xml;

namespace Footbridge.Server.Sessions;

/// <summary>Which chat an engine event is about, for what a session ignores.</summary>
internal static class EventChats
{
    /// <summary>Null for events that are about no chat, or only about people.</summary>
    public static Jid? Of(EngineEvent engineEvent) => engineEvent switch
    {
        MessageReceived e => e.Chat.Address,
        MessageWaiting e => e.Chat.Address,
        MessageAcked e => e.Chat.Address,
        GroupJoined e => e.Group,
        GroupLeft e => e.Group,
        GroupParticipantsChanged e => e.Group,
        GroupUpdated e => e.Group,
        GroupJoinRequested e => e.Group,
        ChannelCounted e => e.Channel,
        _ => null,
    };
}
