using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Footbridge.Protocol.AppState;

/// <summary>What an action is about: a JSON array of strings of which the first is the action's name.</summary>
public static class SyncIndex
{
    private const int MaxParts = 16;
    // Not for HTML: the bytes are hashed, so they must be those every other client writes.
    private static readonly JsonWriterOptions AsJavaScript = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Encode(params ReadOnlySpan<string> parts)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, AsJavaScript))
        {
            writer.WriteStartArray();
            foreach (var part in parts) writer.WriteStringValue(part);
            writer.WriteEndArray();
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The parts, or null when it is of a shape that no action known here has: the record is kept and not understood.</summary>
    public static IReadOnlyList<string>? TryParse(ReadOnlySpan<byte> index)
    {
        var reader = new Utf8JsonReader(index);
        var parts = new List<string>();
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.String && parts.Count < MaxParts) parts.Add(reader.GetString()!);
            return reader.TokenType == JsonTokenType.EndArray && parts.Count > 0 && !reader.Read() ? parts : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
