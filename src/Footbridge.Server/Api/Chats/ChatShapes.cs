using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage.Archive;

namespace Footbridge.Server.Api.Chats;

/// <summary>What the archive knows, as answers show it.</summary>
internal static class ChatShapes
{
    public static JsonObject Of(ArchivedChat chat) => new()
    {
        ["id"] = WahaIds.ChatId(chat.Chat),
        ["name"] = chat.Name,
        ["conversationTimestamp"] = chat.LastAt?.ToUnixTimeSeconds(),
        ["unreadCount"] = chat.Unread,
        ["markedAsUnread"] = chat.IsMarkedUnread,
        ["archived"] = chat.IsArchived,
        ["pinned"] = chat.IsPinned,
        ["muteEndTime"] = chat.MutedUntilSeconds,
        ["ephemeralExpiration"] = chat.EphemeralSeconds,
    };
}
