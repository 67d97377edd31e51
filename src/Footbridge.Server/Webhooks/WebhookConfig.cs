using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Footbridge.Server.Sessions.Events;

namespace Footbridge.Server.Webhooks;

/// <summary>The webhooks in a session's configuration: what is wrong with them, and what they say.</summary>
internal static class WebhookConfig
{
    private const int MaxAttempts = 1000;
    private static readonly TimeSpan MaxDelay = WebhookRetries.LongestWait;

    /// <summary>What is wrong, in the words of a 400; empty when nothing is.</summary>
    public static IEnumerable<string> Check(JsonArray webhooks) => webhooks.SelectMany(Check).Distinct();

    /// <summary>The webhooks of a stored configuration; those that an older version let pass and that cannot be called are left out.</summary>
    public static IReadOnlyList<Webhook> Read(JsonArray? webhooks)
    {
        var read = new List<Webhook>();
        foreach (var node in webhooks ?? [])
        {
            if (node is not JsonObject hook || Check(hook).Any()) continue;
            var url = hook["url"]!.ToString();
            read.Add(new(
                IdOf(url, read.Count(other => other.Url == url)), url, new([.. hook["events"]!.AsArray().Select(name => name!.ToString())]), Text(hook["hmac"]?["key"]), Retries(hook["retries"] as JsonObject),
                [.. (hook["customHeaders"] as JsonArray ?? []).Select(header => new WebhookHeader(header!["name"]!.ToString(), header["value"]!.ToString()))]));
        }

        return read;
    }

    public static bool IsUrl(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https";

    /// <summary>Whether a header can be sent: a name of visible characters, and a value without the end of a line.</summary>
    public static bool IsHeader(string? name, string? value) =>
        name is { Length: > 0 } && value is not null && name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)) && !value.AsSpan().ContainsAny('\r', '\n', '\0');

    public static WebhookBackoff? Backoff(string? policy) => policy switch
    {
        "constant" => WebhookBackoff.Constant,
        "linear" => WebhookBackoff.Linear,
        "exponential" => WebhookBackoff.Exponential,
        _ => null,
    };

    private static IEnumerable<string> Check(JsonNode? node)
    {
        if (node is not JsonObject hook) return ["config.webhooks must hold objects"];
        var errors = new List<string>();
        if (!IsUrl(hook["url"]?.ToString())) errors.Add("config.webhooks.url must be a URL address with a protocol");
        if (hook["events"] is not JsonArray events) errors.Add("config.webhooks.events must be an array");
        else if (!events.All(name => name is not null && EventNames.IsKnown(name.ToString())))
        {
            errors.Add($"each value in config.webhooks.events must be one of the following values: {string.Join(", ", EventNames.Known.Append(EventNames.All))}");
        }

        if (hook["hmac"] is not (null or JsonObject)) errors.Add("config.webhooks.hmac must be an object");
        else if (hook["hmac"]?["key"] is { } key && key.GetValueKind() != JsonValueKind.String) errors.Add("config.webhooks.hmac.key must be a string");
        if (hook["retries"] is not (null or JsonObject)) errors.Add("config.webhooks.retries must be an object");
        else if (hook["retries"] is JsonObject retries) CheckRetries(retries, errors);
        CheckHeaders(hook["customHeaders"], errors);
        return errors;
    }

    private static void CheckRetries(JsonObject retries, List<string> errors)
    {
        if (retries["policy"] is { } policy && Backoff(policy.ToString()) is null) errors.Add("config.webhooks.retries.policy must be one of the following values: linear, exponential, constant");
        if (retries["delaySeconds"] is { } delay && !(Number(delay) >= 0 && Number(delay) <= MaxDelay.TotalSeconds)) errors.Add($"config.webhooks.retries.delaySeconds must be a number from 0 to {MaxDelay.TotalSeconds}");
        if (retries["attempts"] is { } attempts && !(Number(attempts) >= 0 && Number(attempts) <= MaxAttempts)) errors.Add($"config.webhooks.retries.attempts must be a number from 0 to {MaxAttempts}");
    }

    private static void CheckHeaders(JsonNode? node, List<string> errors)
    {
        if (node is null) return;
        if (node is not JsonArray headers) errors.Add("config.webhooks.customHeaders must be an array");
        else if (!headers.All(header => header is JsonObject pair && IsHeader(Text(pair["name"]), Text(pair["value"])))) errors.Add("config.webhooks.customHeaders must hold objects with a name and a value");
    }

    private static WebhookRetries Retries(JsonObject? retries)
    {
        var usual = WebhookRetries.Default;
        if (retries is null) return usual;
        return new(
            Backoff(Text(retries["policy"])) ?? usual.Backoff,
            Number(retries["delaySeconds"]) is { } seconds ? TimeSpan.FromSeconds(seconds) : usual.Delay,
            // None is one: an event is told at least once.
            Number(retries["attempts"]) is { } attempts ? Math.Max(1, (int)attempts) : usual.Attempts);
    }

    private static string IdOf(string url, int earlier) =>
        "hook_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{earlier}|{url}"))).AsSpan(0, 8));

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String && node.GetValue<string>() is { Length: > 0 } text ? text : null;

    private static double? Number(JsonNode? node) =>
        node is JsonValue && double.TryParse(node.ToString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
}
