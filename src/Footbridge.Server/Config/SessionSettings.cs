using System.Globalization;
using Footbridge.Engine;

namespace Footbridge.Server.Config;

/// <summary>How sessions show themselves, which way they dial, and which start with the process. Filled from the environment.</summary>
internal sealed class SessionSettings
{
    /// <summary>As what devices show themselves on the phone.</summary>
    public CompanionBrowser Browser { get; set; } = CompanionBrowser.Chrome;

    /// <summary>For every session that has none of its own; null: direct, or the list.</summary>
    public string? ProxyServer { get; set; }

    public string? ProxyUser { get; set; }

    public string? ProxyPassword { get; set; }

    /// <summary>Proxies to share out among sessions, when there is no single one.</summary>
    public IReadOnlyList<string> ProxyList { get; set; } = [];

    /// <summary>Sessions whose name is this and a number take the proxy of that number, counted from 1.</summary>
    public string? ProxyIndexPrefix { get; set; }

    /// <summary>Starts at boot what ran when the process ended.</summary>
    public bool RestoresRunning { get; set; } = true;

    /// <summary>Starts every stored session at boot.</summary>
    public bool RestoresAll { get; set; }

    /// <summary>Started at boot, and created when they are not there.</summary>
    public IReadOnlyList<string> StartedAtBoot { get; set; } = [];

    /// <summary>Pause between two starts at boot.</summary>
    public TimeSpan StartDelay { get; set; }

    /// <summary>The web version's revision to begin with; null: the one of this release.</summary>
    public uint? WebRevision { get; set; }

    /// <summary>Where a newer one is looked up when WhatsApp refuses ours; null: WhatsApp's page when sessions connect to WhatsApp, and nowhere beside a simulator.</summary>
    public Uri? VersionPage { get; set; }

    /// <summary>Never looks up the web version.</summary>
    public bool KeepsVersion { get; set; }

    public static IReadOnlyList<Setting> All { get; } =
    [
        new("WAHA_CLIENT_BROWSER_NAME", "Chrome", "As what devices show themselves on the phone: Chrome, Firefox, IE, Opera, Safari, Edge or Desktop; anything else is shown as another device.", (s, v) => s.Sessions.Browser = BrowserNamed(v)),
        new("WHATSAPP_PROXY_SERVER", "", "Proxy of every session without one of its own: `host:port`, or an address with `http://`, `https://` or `socks5://`. What cannot go through it does not go.", (s, v) => s.Sessions.ProxyServer = Proxy(v)),
        new("WHATSAPP_PROXY_SERVER_USERNAME", "", "User for it, and for those of the list.", (s, v) => s.Sessions.ProxyUser = v),
        new("WHATSAPP_PROXY_SERVER_PASSWORD", "", "Password.", (s, v) => s.Sessions.ProxyPassword = v),
        new("WHATSAPP_PROXY_SERVER_LIST", "", "Proxies, separated by commas, shared out among sessions in the order of their creation.", (s, v) => s.Sessions.ProxyList = [.. Names(v).Select(Proxy)]),
        new("WHATSAPP_PROXY_SERVER_INDEX_PREFIX", "", "With `proxy-`, the session `proxy-3` takes the third of the list.", (s, v) => s.Sessions.ProxyIndexPrefix = v),
        new("WAHA_WORKER_RESTART_SESSIONS", "true", "`false`: sessions that ran when the process ended stay stopped.", (s, v) => s.Sessions.RestoresRunning = Flag(v)),
        new("WHATSAPP_RESTART_ALL_SESSIONS", "false", "`true` starts every stored session at boot.", (s, v) => s.Sessions.RestoresAll = Flag(v)),
        new("WHATSAPP_START_SESSION", "", "Sessions to start at boot, separated by commas; created when absent.", (s, v) => s.Sessions.StartedAtBoot = Names(v)),
        new("WAHA_AUTO_START_DELAY_SECONDS", "0", "Pause between two of these starts.", (s, v) => s.Sessions.StartDelay = TimeSpan.FromSeconds(int.Parse(v, NumberStyles.None, CultureInfo.InvariantCulture))),
        new("FOOTBRIDGE_WEB_REVISION", "", "Third number of WhatsApp's web version, as in 2.3000.N, to begin with; that of this release by default.", (s, v) => s.Sessions.WebRevision = uint.Parse(v, NumberStyles.None, CultureInfo.InvariantCulture)),
        new("FOOTBRIDGE_WEB_VERSION_PAGE", "https://web.whatsapp.com/", "Where a newer one is looked up, at most three times an hour, when WhatsApp refuses ours; `off`: nowhere.", (s, v) => SetPage(s.Sessions, v)),
    ];

    /// <summary>A browser by WAHA's name for it; <see cref="CompanionBrowser.Other"/> when there is none such.</summary>
    public static CompanionBrowser BrowserNamed(string name) => name.ToLowerInvariant() switch
    {
        "chrome" => CompanionBrowser.Chrome,
        "firefox" => CompanionBrowser.Firefox,
        "ie" => CompanionBrowser.InternetExplorer,
        "opera" => CompanionBrowser.Opera,
        "safari" => CompanionBrowser.Safari,
        "edge" => CompanionBrowser.Edge,
        "desktop" => CompanionBrowser.Desktop,
        _ => CompanionBrowser.Other,
    };

    private static string[] Names(string value) => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Proxy(string value)
    {
        ProxyAddress.Parse(value);
        return value;
    }

    private static void SetPage(SessionSettings settings, string value)
    {
        if (value == "off") settings.KeepsVersion = true;
        else settings.VersionPage = Uri.TryCreate(value, UriKind.Absolute, out var page) && page.Scheme is "http" or "https" ? page : throw new FormatException("use an http or https address, or off");
    }

    private static bool Flag(string value) => value.ToLowerInvariant() switch
    {
        "true" or "1" => true,
        "false" or "0" => false,
        _ => throw new FormatException("use true or false"),
    };
}
