using System.Globalization;
using Footbridge.Server.Sessions.Events;
using Footbridge.Server.Webhooks;

namespace Footbridge.Server.Config;

/// <summary>How webhooks are called, and the one for all sessions. Filled from the <c>WHATSAPP_HOOK_*</c> variables.</summary>
internal sealed class WebhookSettings
{
    private string? _url;
    private IReadOnlyList<string>? _events;
    private string? _hmacKey;
    private IReadOnlyList<WebhookHeader> _headers = [];
    private WebhookRetries _retries = WebhookRetries.Default;

    /// <summary>Longest wait for the beginning of an answer.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    public bool ChecksCertificates { get; set; } = true;

    public bool MayBePrivate { get; set; } = true;

    /// <summary>How long a job may wait for its turn, or for an API that is away, before it fails.</summary>
    public TimeSpan PatienceLimit { get; set; } = TimeSpan.FromHours(48);

    /// <summary>The webhook of all sessions; null unless it has both an address and events.</summary>
    public Webhook? Global => _url is not null && _events is not null ? new(Webhook.Global, _url, new(_events), _hmacKey, _retries, _headers) : null;

    public static IReadOnlyList<Setting> All { get; } =
    [
        new("WHATSAPP_HOOK_URL", "", "A webhook for every session, beside its own. Needs WHATSAPP_HOOK_EVENTS as well.", (s, v) => s.Webhooks._url = Url(v)),
        new("WHATSAPP_HOOK_EVENTS", "", "Its events, separated by commas, or `*`.", (s, v) => s.Webhooks._events = Events(v)),
        new("WHATSAPP_HOOK_HMAC_KEY", "", "Signs its bodies (HMAC-SHA512).", (s, v) => s.Webhooks._hmacKey = v),
        new("WHATSAPP_HOOK_RETRIES_POLICY", "constant", "How the wait between its tries grows: `constant`, `linear` or `exponential`.",
            (s, v) => s.Webhooks._retries = s.Webhooks._retries with { Backoff = WebhookConfig.Backoff(v) ?? throw new FormatException("use constant, linear or exponential") }),
        new("WHATSAPP_HOOK_RETRIES_DELAY_SECONDS", "2", "Seconds before its second try.", (s, v) => s.Webhooks._retries = s.Webhooks._retries with { Delay = TimeSpan.FromSeconds(Number(v)) }),
        new("WHATSAPP_HOOK_RETRIES_ATTEMPTS", "15", "Its tries in all.", (s, v) => s.Webhooks._retries = s.Webhooks._retries with { Attempts = Math.Max(1, Number(v)) }),
        new("WHATSAPP_HOOK_CUSTOM_HEADERS", "", "Further headers of its requests: `Name:Value;Name2:Value2`.", (s, v) => s.Webhooks._headers = Headers(v)),
        new("FOOTBRIDGE_WEBHOOK_TIMEOUT_SECONDS", "30", "Longest wait for the answer of any webhook.", (s, v) => s.Webhooks.Timeout = TimeSpan.FromSeconds(Math.Max(1, Number(v)))),
        new("FOOTBRIDGE_WEBHOOK_VERIFY_TLS", "true", "`false` calls webhooks whose certificate cannot be verified, as WAHA does.", (s, v) => s.Webhooks.ChecksCertificates = Settings.Flag(v)),
        new("FOOTBRIDGE_WEBHOOK_ALLOW_PRIVATE", "true", "Whether webhooks may be at a private or loopback address. Link-local addresses are never called.", (s, v) => s.Webhooks.MayBePrivate = Settings.Flag(v)),
        new("WAHA_SESSION_CONFIG_IGNORE_STATUS", "false", "`true` takes no notice of status updates, in sessions that do not say otherwise.", (s, v) => s.Ignore.Status = Settings.Flag(v)),
        new("WAHA_SESSION_CONFIG_IGNORE_GROUPS", "false", "The same for groups.", (s, v) => s.Ignore.Groups = Settings.Flag(v)),
        new("WAHA_SESSION_CONFIG_IGNORE_CHANNELS", "false", "The same for channels.", (s, v) => s.Ignore.Channels = Settings.Flag(v)),
        new("WAHA_SESSION_CONFIG_IGNORE_BROADCAST", "false", "The same for broadcasts.", (s, v) => s.Ignore.Broadcast = Settings.Flag(v)),
    ];

    private static string Url(string value) => WebhookConfig.IsUrl(value) ? value : throw new FormatException("use an http or https address");

    private static int Number(string value) => int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);

    private static IReadOnlyList<string> Events(string value)
    {
        var names = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.FirstOrDefault(name => !EventNames.IsKnown(name)) is { } unknown ? throw new FormatException($"there is no event {unknown}") : names;
    }

    private static IReadOnlyList<WebhookHeader> Headers(string value) =>
        [.. value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split(':', StringSplitOptions.TrimEntries) is [var name, var text] && WebhookConfig.IsHeader(name, text)
            ? new WebhookHeader(name, text) : throw new FormatException("use Name:Value, separated by semicolons"))];
}
