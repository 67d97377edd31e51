using System.Text.Json.Nodes;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps;

/// <summary>What of an app's settings is not shown: the access token, the secret of callbacks, the password of the database.</summary>
/// <remarks>A mask stands in its place. Who sends settings back as they were read keeps what the mask stands for.</remarks>
internal static class AppSecrets
{
    private const string Mask = "••••";
    private const string Own = "footbridge";

    /// <summary>Of a secret at least so long the last characters are shown, by which a person knows it again.</summary>
    private const int LongEnough = 16;
    private const int ShownCharacters = 4;

    private static readonly string[] Fields = ["accountToken", $"{Own}.webhookSecret", $"{Own}.database"];

    /// <summary>A copy of the settings in which every secret is masked.</summary>
    public static JsonObject Masked(JsonObject config)
    {
        var shown = (JsonObject)config.DeepClone();
        foreach (var field in Fields)
        {
            if (TextOf(shown, field) is { Length: > 0 } secret) Put(shown, field, MaskOf(field, secret));
        }

        return shown;
    }

    /// <summary>Puts what masks stand for back into settings.</summary>
    /// <param name="former">The settings there were; null when there were none.</param>
    /// <exception cref="InvalidRequestException">A mask stands for nothing, or the token would go to another server than the one it was given for.</exception>
    public static void Restore(JsonObject config, JsonObject? former)
    {
        foreach (var field in Fields)
        {
            if (TextOf(config, field) is not { } given || !given.Contains(Mask, StringComparison.Ordinal)) continue;
            var kept = former is null ? null : TextOf(former, field);
            if (kept is null || MaskOf(field, kept) != given) throw new InvalidRequestException($"{field} holds a mask that stands for no secret of this app: give the secret itself, or the mask as it was read");
            if (field == Fields[0] && AuthorityOf(config) != AuthorityOf(former!)) throw new InvalidRequestException($"{field} has to be given itself when url leads to another server");
            Put(config, field, kept);
        }
    }

    private static string MaskOf(string field, string secret) => field == Fields[^1] ? WithoutPassword(secret) : secret.Length < LongEnough ? Mask : Mask + secret[^ShownCharacters..];

    /// <summary>An address with a mask for its password, if it has one.</summary>
    private static string WithoutPassword(string address)
    {
        var (start, end) = (address.IndexOf("://", StringComparison.Ordinal), address.LastIndexOf('@'));
        if (start < 0) return Mask;
        var colon = address.IndexOf(':', start + 3);
        return colon > 0 && colon < end ? $"{address[..(colon + 1)]}{Mask}{address[end..]}" : address;
    }

    private static string? AuthorityOf(JsonObject config) => Uri.TryCreate(TextOf(config, "url"), UriKind.Absolute, out var url) ? url.Authority : null;

    private static string? TextOf(JsonObject config, string field) => Parent(config, field)?[field.Split('.')[^1]] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static void Put(JsonObject config, string field, string value) => Parent(config, field)![field.Split('.')[^1]] = value;

    private static JsonObject? Parent(JsonObject config, string field) => field.Contains('.', StringComparison.Ordinal) ? config[Own] as JsonObject : config;
}
