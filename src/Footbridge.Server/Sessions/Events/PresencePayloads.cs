using System.Text.Json.Nodes;
using Footbridge.Engine.Presence;

namespace Footbridge.Server.Sessions.Events;

/// <summary>Presence in WAHA's words: the same shape in events and answers.</summary>
internal static class PresencePayloads
{
    public const string Event = "presence.update";

    public static JsonObject Of(PresenceUpdate update) => Of(WahaIds.ChatId(update.Chat), [update]);

    public static JsonObject Of(string chatId, IEnumerable<PresenceUpdate> updates) => new()
    {
        ["id"] = chatId,
        ["presences"] = new JsonArray([.. updates.Select(update => (JsonNode)new JsonObject
        {
            ["participant"] = WahaIds.ChatId(update.Participant),
            ["lastKnownPresence"] = NameOf(update.Kind),
            ["lastSeen"] = update.LastSeen?.ToUnixTimeSeconds(),
        })]),
    };

    public static PresenceKind? KindOf(string name) => name switch
    {
        "offline" => PresenceKind.Offline,
        "online" => PresenceKind.Online,
        "typing" => PresenceKind.Typing,
        "recording" => PresenceKind.Recording,
        "paused" => PresenceKind.Paused,
        _ => null,
    };

    private static string NameOf(PresenceKind kind) => kind switch
    {
        PresenceKind.Online => "online",
        PresenceKind.Typing => "typing",
        PresenceKind.Recording => "recording",
        PresenceKind.Paused => "paused",
        _ => "offline",
    };
}
