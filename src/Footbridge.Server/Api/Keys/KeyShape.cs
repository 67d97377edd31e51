using System.Text.Json.Nodes;
using Footbridge.Server.Security.Keys;

namespace Footbridge.Server.Api.Keys;

/// <summary>Keys as WAHA's <c>ApiKeyDTO</c>.</summary>
internal static class KeyShape
{
    private static readonly (string Name, KeyActions Action)[] Switches =
    [
        ("read", KeyActions.Read), ("send", KeyActions.Send), ("control", KeyActions.Control), ("setting", KeyActions.Setting), ("app", KeyActions.App), ("delete", KeyActions.Delete),
    ];

    public static JsonObject Of(ApiKey key) => new()
    {
        ["id"] = key.Id,
        ["key"] = key.Key,
        ["isActive"] = key.IsActive,
        ["isAdmin"] = key.IsAdmin,
        ["session"] = key.Session,
        ["actions"] = key.Actions is { } actions ? new JsonObject([.. Switches.Select(one => KeyValuePair.Create(one.Name, (JsonNode?)actions.HasFlag(one.Action)))]) : null,
    };

    /// <summary>Reads the six switches; one that is not named is off.</summary>
    public static KeyActions ReadActions(JsonObject actions) =>
        Switches.Aggregate(KeyActions.None, (sum, one) => Body.Flag(actions, one.Name) ?? false ? sum | one.Action : sum);
}
