using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Footbridge.SystemTests.Chatwoot.Rows;

/// <summary>Puts names in the place of what is different each time, the same name for the same thing in all that a row brought.</summary>
internal sealed partial class PlainNames(RowWorld home)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Fields with keys, hashes, times and places, and what a converter makes otherwise in another version of itself.</summary>
    private static readonly HashSet<string> Different = new(StringComparer.Ordinal)
    {
        "external_created_at", "mediaKey", "mediaKeyTimestamp", "fileSha256", "fileEncSha256", "directPath", "messageSecret", "timestampMs", "senderTimestampMs",
        "imageMessage.url", "videoMessage.url", "audioMessage.url", "documentMessage.url", "videoMessage.fileLength", "audioMessage.fileLength",
        "jpegThumbnail", "waveform", "streamingSidecar", "deviceListMetadata",
    };

    private readonly Dictionary<(string Kind, string Value), string> _names = [];

    // These are in every row.
    private readonly Dictionary<string, string> _conversations = new(StringComparer.Ordinal)
    {
        [Id(home.World.Chatwoot.Integration!.Id)] = "{integration}",
        [Id(home.World.Chatwoot.ConversationOf(RowWorld.AnasNumber)!.Id)] = "{ana}",
    };

    public string Text(JsonObject recording) => Emoji().Replace(Replaced(recording, "", "")!.ToJsonString(Readable).ReplaceLineEndings("\n"), match => JsonNode.Parse($"\"{match.Value}\"")!.ToString()) + "\n";

    private JsonNode? Replaced(JsonNode? node, string parent, string field) => node switch
    {
        _ when Different.Contains(field) || Different.Contains($"{parent}.{field}") => $"{{{field}}}",
        JsonObject fields => new JsonObject(fields.Select(pair => KeyValuePair.Create(pair.Key, Replaced(pair.Value, field, pair.Key)))),
        JsonArray items => new JsonArray([.. items.Select(item => Replaced(item, parent, field))]),
        JsonValue value when field == "in_reply_to" => NameOf("message", value.ToString()),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Replaced(value.ToString()),
        _ => node?.DeepClone(),
    };

    private string Replaced(string text)
    {
        text = text.Replace(home.World.Product.Url.Authority, "{footbridge}", StringComparison.Ordinal).Replace(home.World.Chatwoot.BaseUrl.Authority, "{chatwoot}", StringComparison.Ordinal);
        text = Path().Replace(text, match => $"/{match.Groups[1].Value}s/{NameOf(match.Groups[1].Value, match.Groups[2].Value)}");
        text = WhatsAppId().Replace(text, match => NameOf("wa", match.Value));
        text = CallId().Replace(text, match => NameOf("call", match.Value));
        text = Address().Replace(text, match => NameOf(match.Value.EndsWith("@g.us", StringComparison.Ordinal) ? "group" : "channel", match.Value));
        text = FileMark().Replace(text, "_{mark}.");
        text = Lid().Replace(text, match => NameOf("lid", match.Value));
        text = JobId().Replace(text, match => NameOf(match.Groups[1].Value, match.Value));
        text = ServerState().Replace(text, "{state}");
        return Clock().Replace(text, "{time}");
    }

    private static string Id(long id) => id.ToString(CultureInfo.InvariantCulture);

    private string NameOf(string kind, string value)
    {
        if (kind == "conversation" && _conversations.TryGetValue(value, out var constant)) return constant;
        if (_names.TryGetValue((kind, value), out var known)) return known;
        var number = _names.Keys.Count(name => name.Kind == kind) + 1;
        return _names[(kind, value)] = string.Create(CultureInfo.InvariantCulture, $"{{{kind} {number}}}");
    }

    [GeneratedRegex(@"/(conversation|message|contact)s/([0-9]+|[0-9a-f-]{36})(?![^/?])")]
    private static partial Regex Path();

    [GeneratedRegex(@"(?<![0-9A-Z])(3A|3EB0)[0-9A-F]{18}(?![0-9A-F])")]
    private static partial Regex WhatsAppId();

    [GeneratedRegex(@"\b[0-9A-F]{32}\b")]
    private static partial Regex CallId();

    [GeneratedRegex(@"[0-9-]{10,}@(g\.us|newsletter)")]
    private static partial Regex Address();

    /// <summary>What makes the name of a stored file one that nobody guesses.</summary>
    [GeneratedRegex(@"_[0-9a-f]{10}\.")]
    private static partial Regex FileMark();

    /// <summary>As the simulated WhatsApp gives them.</summary>
    [GeneratedRegex(@"\b1000000000[0-9]{5}\b")]
    private static partial Regex Lid();

    [GeneratedRegex(@"(job|pull)_[0-9a-z]{26}(?![0-9a-z])")]
    private static partial Regex JobId();

    /// <summary>What the writer of JSON escapes whatever it is told.</summary>
    [GeneratedRegex(@"\\uD[89AB][0-9A-F]{2}\\uD[C-F][0-9A-F]{2}")]
    private static partial Regex Emoji();

    /// <summary>Versions and times of the process that was asked.</summary>
    [GeneratedRegex(@"(?<=```json\n)[^`]+(?=\n```)")]
    private static partial Regex ServerState();

    /// <summary>The time of day behind a date, which depends on where it is read, and days of now.</summary>
    [GeneratedRegex(@"(?<=, [0-9]{4} • )[^\n`]+|(Today|Yesterday), [^\n`]+")]
    private static partial Regex Clock();
}
