using System.Text.Json.Nodes;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>Reads the bodies of callbacks, where a field may be missing or of another kind: then there is none.</summary>
internal static class CallbackFields
{
    public static JsonNode? Child(JsonNode? parent, string name) => (parent as JsonObject)?[name];

    public static string? Text(JsonNode? node) => node is JsonValue ? node.ToString() : null;

    public static long? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;

    public static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var isTrue) && isTrue;
}
