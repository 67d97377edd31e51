using System.Text.Json.Nodes;
using Footbridge.Server.Api;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>The ChatWoot app's settings, with their defaults.</summary>
internal sealed record ChatwootConfig(
    string Url, long AccountId, string AccountToken, long InboxId, string InboxIdentifier, string Sort, IReadOnlyList<string>? Statuses, bool ShowsOwnAsMessages)
{
    private static readonly string[] Sorts = ["activity_newest", "created_newest", "created_oldest", "activity_oldest"];

    /// <exception cref="InvalidRequestException">A field is missing or wrong.</exception>
    public static ChatwootConfig Read(JsonObject config)
    {
        var url = Body.RequiredText(config, "url").TrimEnd('/');
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https")) throw new InvalidRequestException("url must be an http or https address");
        if (Body.Text(config, "locale") is { } locale && locale != "en-US") throw new RuleException($"Locale '{locale}' is not available; use en-US");
        var conversations = Body.Object(config, "conversations") ?? [];
        var sort = Body.Text(conversations, "sort") ?? "created_newest";
        if (!Sorts.Contains(sort, StringComparer.Ordinal)) throw new InvalidRequestException($"conversations.sort must be one of the following values: {string.Join(", ", Sorts)}");
        return new(
            url, Body.RequiredNumber(config, "accountId"), Body.RequiredText(config, "accountToken"), Body.RequiredNumber(config, "inboxId"),
            Body.RequiredText(config, "inboxIdentifier"), sort,
            (conversations["status"] as JsonArray)?.Select(status => status!.ToString()).ToList(),
            Body.Text(conversations, "outgoing") == "message");
    }

    public override string ToString() => $"Chatwoot account {AccountId}, inbox {InboxId} [token redacted]";
}
