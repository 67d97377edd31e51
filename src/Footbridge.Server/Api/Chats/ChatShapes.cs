using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;
using Footbridge.Server.Sessions.Events;
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

    /// <summary>As the event was, with what has become of the message since.</summary>
    public static JsonObject Of(ArchivedMessage archived)
    {
        var shape = MessagePayloads.Of(archived.Message);
        shape["ack"] = (int)archived.Ack;
        shape["ackName"] = SessionEvents.AckName(archived.Ack);
        if (shape["_data"] is not JsonObject data) shape["_data"] = data = [];
        if (archived.State == ArchiveState.Revoked) data["isRevoked"] = true;
        if (archived.State == ArchiveState.Waiting) data["isWaiting"] = true;
        if (archived.EditedAt is { } edited) data["editedAt"] = edited.ToUnixTimeSeconds();
        if (archived.IsStarred) data["isStarred"] = true;
        return shape;
    }

    public static JsonArray Of(IEnumerable<ArchivedMessage> messages) => [.. messages.Select(Of)];
}
