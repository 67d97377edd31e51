using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Footbridge.Server.Dashboard.Jobs;

/// <summary>Makes a payload showable: its shape, ids, times and states stay; what people wrote, their names, numbers and addresses go.</summary>
/// <remarks>What is not known to be harmless is hidden, so that a field nobody thought of does not give somebody away.</remarks>
internal static partial class PayloadMask
{
    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Fields whose text names a kind, a state, a time or a thing, never a person.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "app", "event", "session", "engine", "tier", "platform", "version", "id", "source_id", "sourceId", "type", "message_type", "content_type", "status", "ack",
        "ackName", "source", "channel", "created_at", "createdAt", "updated_at", "timestamp", "last_activity_at", "availability_status", "priority", "inbox_id", "uuid",
        "in_reply_to", "file_type", "mimetype", "state", "sender_type", "assignee_type", "currentDelayMs", "locale", "timezone", "job",
    };

    /// <summary>Fields whose number is a time or counts something; other long numbers may be somebody's phone.</summary>
    private static readonly string[] NumberEndings = ["_at", "At", "timestamp", "Timestamp", "id", "Id", "seconds"];

    /// <summary>The payload as indented JSON without what is private.</summary>
    public static string Mask(ReadOnlyMemory<byte> payload) => Show(payload, node => Clean(node, ""));

    /// <summary>The whole payload.</summary>
    public static string Reveal(ReadOnlyMemory<byte> payload) => Show(payload, node => node);

    /// <summary>A text of ours, such as an error, without phone numbers and without the query of an address.</summary>
    public static string MaskText(string text) => PhoneNumber().Replace(Query().Replace(text, "?…"), match => "…" + match.Value[^2..]);

    private static string Show(ReadOnlyMemory<byte> payload, Func<JsonNode?, JsonNode?> change)
    {
        try
        {
            return change(JsonNode.Parse(payload.Span))?.ToJsonString(Pretty) ?? "null";
        }
        catch (JsonException)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{payload.Length} bytes that are not JSON");
        }
    }

    private static JsonNode? Clean(JsonNode? node, string field) => node switch
    {
        JsonObject parent => new JsonObject(parent.Select(child => KeyValuePair.Create(MaskText(child.Key), Clean(child.Value, child.Key)))),
        JsonArray list => new JsonArray([.. list.Select(item => Clean(item, field))]),
        JsonValue value => Clean(value, field),
        _ => null,
    };

    private static JsonValue Clean(JsonValue value, string field)
    {
        if (value.TryGetValue<string>(out var text)) return JsonValue.Create(Harmless.Contains(field) ? MaskText(text) : Hidden(text));
        if (value.GetValueKind() != JsonValueKind.Number || NumberEndings.Any(ending => field.EndsWith(ending, StringComparison.Ordinal))) return (JsonValue)value.DeepClone();
        return value.ToJsonString().Length < 7 ? (JsonValue)value.DeepClone() : JsonValue.Create("[number]");
    }

    private static string Hidden(string text)
    {
        if (text.Length == 0) return text;
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? $"{address.Scheme}://{address.Authority}/…"
            : string.Create(CultureInfo.InvariantCulture, $"[{text.Length} characters]");
    }

    // Digits that stand alone or before an @: parts of hexadecimal ids are none.
    [GeneratedRegex(@"(?<![0-9A-Za-z])\+?\d{7,15}(?![0-9A-Za-z])")]
    private static partial Regex PhoneNumber();

    [GeneratedRegex(@"(?<=https?://[^\s?]{1,300})\?[^\s""']+")]
    private static partial Regex Query();
}
