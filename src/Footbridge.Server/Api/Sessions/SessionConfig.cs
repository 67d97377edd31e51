using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Engine;
using Footbridge.Server.Sessions;
using Footbridge.Server.Webhooks;

namespace Footbridge.Server.Api.Sessions;

/// <summary>Checks a session's configuration; every field is kept as it came and given back unchanged, also those without effect here.</summary>
internal static class SessionConfig
{
    private static readonly string[] Objects = ["metadata", "proxy", "ignore", "client", "noweb", "gows", "webjs"];

    /// <exception cref="InvalidRequestException">A field has the wrong type.</exception>
    public static JsonObject Read(JsonObject request)
    {
        var config = Body.Object(request, "config") ?? [];
        var errors = Objects.Where(name => config[name] is not (null or JsonObject)).Select(name => $"config.{name} must be an object").ToList();
        if (config["debug"] is not null && !IsFlag(config["debug"])) errors.Add("config.debug must be a boolean value");
        if (config["webhooks"] is not (null or JsonArray)) errors.Add("config.webhooks must be an array");
        if (config["metadata"] is JsonObject metadata && metadata.Any(pair => pair.Value?.GetValueKind() != JsonValueKind.String)) errors.Add("metadata accepts string key-value pairs only");
        if (config["webhooks"] is JsonArray webhooks) errors.AddRange(WebhookConfig.Check(webhooks));
        if (config["proxy"] is JsonObject proxy && FaultOf(proxy) is { } fault) errors.Add(fault);
        if (config["client"] is JsonObject client) errors.AddRange(NotText(client, "client", "deviceName", "browserName"));
        if (config["ignore"] is JsonObject ignore) errors.AddRange(new[] { "status", "groups", "channels", "broadcast" }.Where(name => ignore[name] is not null && !IsFlag(ignore[name])).Select(name => $"config.ignore.{name} must be a boolean value"));
        return errors.Count == 0 ? config : throw new InvalidRequestException([.. errors]);
    }

    private static string? FaultOf(JsonObject proxy)
    {
        if (NotText(proxy, "proxy", "server", "username", "password").FirstOrDefault() is { } fault) return fault;
        try
        {
            ProxyAddress.Parse(proxy["server"]?.ToString() ?? "");
            return null;
        }
        catch (FormatException e)
        {
            return $"config.proxy.server: {e.Message}";
        }
    }

    private static IEnumerable<string> NotText(JsonObject part, string path, params string[] names) =>
        names.Where(name => part[name] is { } value && value.GetValueKind() != JsonValueKind.String).Select(name => $"config.{path}.{name} must be a string");

    private static bool IsFlag(JsonNode? node) => node?.GetValueKind() is JsonValueKind.True or JsonValueKind.False || node?.ToString() is "true" or "false";
}
