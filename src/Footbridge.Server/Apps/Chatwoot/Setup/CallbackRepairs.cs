namespace Footbridge.Server.Apps.Chatwoot.Setup;

/// <summary>What to do when Chatwoot's callbacks do not arrive, by the words Chatwoot has for it.</summary>
internal static class CallbackRepairs
{
    private static readonly (string Sign, string Repair)[] Known =
    [
        ("no public ip", "Set SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true for Chatwoot (4.14.1 and later), or give this server a public address in WAHA_BASE_URL"),
        ("getaddrinfo", "Set FOOTBRIDGE_CALLBACK_URL to an address whose name Chatwoot's containers can look up"),
        ("open TCP connection", "Set FOOTBRIDGE_CALLBACK_URL (or WAHA_BASE_URL) to the address at which Chatwoot's containers reach this server, and see that no firewall is between"),
        ("ssl", "See that the certificate at this server's public address is valid, or let Chatwoot call it by http inside your network"),
        ("certificate", "See that the certificate at this server's public address is valid, or let Chatwoot call it by http inside your network"),
        ("401", "Run the doctor with --fix: the inbox's secret was changed"),
        ("404", "See that the proxy in front of this server passes /webhooks on; docs/https.md has examples"),
        ("403", "See that the proxy in front of this server lets POST /webhooks through without a login"),
        ("405", "See that the proxy in front of this server passes POST on to it"),
        ("413", "Let the proxy in front of this server take bodies of 4 MiB"),
        ("50", "See whether the proxy in front of this server reaches it"),
        ("timed out", "See whether a firewall or proxy between Chatwoot and this server swallows requests"),
        ("timeout", "See whether a firewall or proxy between Chatwoot and this server swallows requests"),
        ("sidekiq", "See that Chatwoot's worker container (Sidekiq) runs and keeps up"),
    ];

    public static string For(string? reason) =>
        Known.FirstOrDefault(known => reason?.Contains(known.Sign, StringComparison.OrdinalIgnoreCase) ?? false).Repair
        ?? "Set FOOTBRIDGE_CALLBACK_URL to the address at which Chatwoot reaches this server";
}
