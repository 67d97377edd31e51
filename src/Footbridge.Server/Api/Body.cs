using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Api;

/// <summary>Reads fields of a request body leniently, as WAHA's clients send them, and names what is wrong.</summary>
internal static class Body
{
    public static string? Text(JsonObject body, string name) => body[name] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => value.ToJsonString(),
        _ => throw new InvalidRequestException($"{name} must be a string"),
    };

    public static string RequiredText(JsonObject body, string name) =>
        Text(body, name) is { Length: > 0 } text ? text : throw new InvalidRequestException($"{name} should not be empty", $"{name} must be a string");

    public static long RequiredNumber(JsonObject body, string name) => body[name] switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<long>(out var number) => number,
        JsonValue value when value.GetValueKind() == JsonValueKind.String && long.TryParse(value.GetValue<string>(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw new InvalidRequestException($"{name} must be a number"),
    };

    public static bool? Flag(JsonObject body, string name) => body[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
        // What urlencoded bodies can say.
        JsonValue value when value.ToString() is "true" or "false" => value.ToString() == "true",
        _ => throw new InvalidRequestException($"{name} must be a boolean value"),
    };

    public static JsonObject? Object(JsonObject body, string name) => body[name] switch
    {
        null => null,
        JsonObject value => (JsonObject)value.DeepClone(),
        _ => throw new InvalidRequestException($"{name} must be an object"),
    };
}
