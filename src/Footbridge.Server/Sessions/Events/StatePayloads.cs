using System.Text.Json.Nodes;
using Footbridge.Engine.Events;

namespace Footbridge.Server.Sessions.Events;

/// <summary>Chats and labels as WAHA's events and answers show them.</summary>
internal static class StatePayloads
{
    /// <summary>The event's name and payload, or null for what WAHA has no event for.</summary>
    public static (string Name, JsonObject Payload, Party Chat)? Of(EngineEvent engineEvent) => engineEvent switch
    {
        ChatUpdated { Change: ChatChange.Archived archived } chat => ("chat.archive", Archive(chat, archived.IsArchived), chat.Chat),
        LabelUpdated label => (label.IsDeleted ? "label.deleted" : "label.upsert", Label(label.LabelId, label.Name, label.Color), default),
        LabelAssigned { MessageId: null } assigned => (assigned.IsAssigned ? "label.chat.added" : "label.chat.deleted", Assigned(assigned), assigned.Chat),
        _ => null,
    };

    public static JsonObject Label(string id, string name, int color) => new() { ["id"] = id, ["name"] = name, ["color"] = color, ["colorHex"] = LabelColors.Hex(color) };

    private static JsonObject Archive(ChatUpdated chat, bool isArchived) =>
        new() { ["id"] = WahaIds.ChatId(chat.Chat), ["archived"] = isArchived, ["timestamp"] = chat.Time.ToUnixTimeSeconds() };

    /// <summary>Without the label itself: who wants its name asks for it, since it may change any time.</summary>
    private static JsonObject Assigned(LabelAssigned assigned) =>
        new() { ["labelId"] = assigned.LabelId, ["chatId"] = WahaIds.ChatId(assigned.Chat), ["label"] = null };
}
