using System.Text.Json.Nodes;
using Footbridge.Server.Api;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Setup;

/// <summary>Where Chatwoot is to call us back for an app.</summary>
internal static class CallbackAddress
{
    private const string Route = "/webhooks/chatwoot/";

    public static string Of(AppRecord app, Settings settings) => $"{BaseOf(app.Config, settings)}{Route}{Uri.EscapeDataString(app.Session)}/{Uri.EscapeDataString(app.Id)}";

    /// <summary>Whether an address is that of an app of a session here, perhaps one that was deleted since.</summary>
    public static bool IsOfSession(string? url, AppRecord app, Settings settings) =>
        url?.StartsWith($"{BaseOf(app.Config, settings)}{Route}{Uri.EscapeDataString(app.Session)}/", StringComparison.OrdinalIgnoreCase) ?? false;

    /// <summary>Chatwoot keeps an address as it was written; a slash at the end or the case of the host makes it no other.</summary>
    public static bool AreSame(string? one, string other) => Uri.TryCreate(one, UriKind.Absolute, out var first) && Uri.TryCreate(other, UriKind.Absolute, out var second) && first == second;

    /// <exception cref="InvalidRequestException">The app's own address is none.</exception>
    public static void Check(JsonObject config)
    {
        if (Body.Text(Body.Object(config, "footbridge") ?? [], "callbackUrl") is { Length: > 0 } own && !(Uri.TryCreate(own, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"))
        {
            throw new InvalidRequestException("footbridge.callbackUrl must be an http or https address");
        }
    }

    private static string BaseOf(JsonObject config, Settings settings) =>
        (Body.Text(Body.Object(config, "footbridge") ?? [], "callbackUrl") is { Length: > 0 } own ? own : settings.CallbackUrl ?? settings.PublicUrl).TrimEnd('/');
}
