using System.Globalization;
using System.Text.Json.Nodes;
using Footbridge.Engine;
using Footbridge.Server.Config;
using Footbridge.Server.Media;

namespace Footbridge.Server.Sessions;

/// <summary>How a session's engine connects: the settings of the process, and the session's own configuration over them.</summary>
internal sealed class EngineOptions(Settings settings, MediaTransport media)
{
    private static readonly Uri WhatsAppPage = new("https://web.whatsapp.com/");

    // One for all sessions: what one of them learns about the web version is good for all.
    private readonly WebVersion _version = new(settings.Sessions.WebRevision ?? WebVersion.Shipped);

    /// <param name="ordinal">How many sessions are older, for the list of proxies.</param>
    public WaClientOptions For(string session, JsonObject config, int ordinal)
    {
        var client = config["client"] as JsonObject;
        var options = new WaClientOptions
        {
            ChatUrl = settings.WhatsAppUrl,
            DeviceName = Text(client, "deviceName") ?? settings.DeviceName,
            Browser = Text(client, "browserName") is { } browser ? SessionSettings.BrowserNamed(browser) : settings.Sessions.Browser,
            Version = _version,
            VersionPage = VersionPage(),
            Proxy = ProxyOf(session, config, ordinal, settings.Sessions),
            AutoOnline = settings.AutoOnline,
            AutoOnlineFor = settings.AutoOnlineFor,
            // Counts when the device is linked; the phone decides what it gives.
            FullHistory = config["noweb"]?["store"]?["fullSync"]?.ToString() == "true",
        };
        if (settings.NoiseRoot is { } root) options = options with { NoiseRoots = [.. options.NoiseRoots, new(root, 0)], ReconnectStep = TimeSpan.FromMilliseconds(100) };
        return media.Apply(options);
    }

    /// <summary>The session's own proxy, else the one of the process, else its share of the list.</summary>
    /// <exception cref="FormatException">What is configured is no proxy.</exception>
    internal static ProxyAddress? ProxyOf(string session, JsonObject config, int ordinal, SessionSettings settings)
    {
        if (config["proxy"] is JsonObject own && Text(own, "server") is { } server) return ProxyAddress.Parse(server, Text(own, "username"), Text(own, "password"));
        if (settings.ProxyServer is { } single) return ProxyAddress.Parse(single, settings.ProxyUser, settings.ProxyPassword);
        if (settings.ProxyList.Count == 0) return null;
        var index = IndexOf(session, settings.ProxyIndexPrefix) ?? ordinal;
        return ProxyAddress.Parse(settings.ProxyList[index % settings.ProxyList.Count], settings.ProxyUser, settings.ProxyPassword);
    }

    private static int? IndexOf(string session, string? prefix) =>
        prefix is not null && session.StartsWith(prefix, StringComparison.Ordinal)
        && int.TryParse(session.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number - 1 : null;

    private static string? Text(JsonObject? from, string name) => from?[name]?.ToString() is { Length: > 0 } text ? text : null;

    private Uri? VersionPage()
    {
        if (settings.Sessions.KeepsVersion) return null;
        return settings.Sessions.VersionPage ?? (settings.WhatsAppUrl.Host == WhatsAppPage.Host ? WhatsAppPage : null);
    }
}
