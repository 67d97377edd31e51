using System.Text;
using System.Text.Json;

namespace Footbridge.Protocol.Pairing;

/// <summary>What WhatsApp asks an account's passkey to sign: WebAuthn's request options as JSON. Source: docs/protocol/pairing.md.</summary>
/// <param name="Json">The whole object, for <c>navigator.credentials.get({ publicKey })</c>.</param>
/// <param name="Challenge">Its challenge, base64url.</param>
public sealed record PasskeyChallenge(string Json, string Challenge)
{
    private const int MaxBytes = 64 * 1024;

    /// <exception cref="ProtocolException">These are no request options.</exception>
    public static PasskeyChallenge Parse(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxBytes) throw new ProtocolException("the passkey challenge is too large");
        using var document = WebAuthnJson.Object(json, "the passkey challenge");
        return new(Write(document), WebAuthnJson.Text(document.RootElement, "challenge"));
    }

    /// <summary>Written anew, so that whoever reads it meets neither broken text nor odd spacing.</summary>
    private static string Write(JsonDocument document)
    {
        using var bytes = new MemoryStream();
        try
        {
            using (var writer = new Utf8JsonWriter(bytes)) document.WriteTo(writer);
            return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
        catch (InvalidOperationException e)
        {
            throw new ProtocolException("the passkey challenge holds broken text", e);
        }
    }
}

/// <summary>Reads WebAuthn's JSON, which comes from a server or from whoever calls the API.</summary>
internal static class WebAuthnJson
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <exception cref="ProtocolException">This is not a JSON object.</exception>
    public static JsonDocument Object(ReadOnlySpan<byte> json, string what)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json.ToArray(), Options);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter: a name with an escaped half of a surrogate pair.
            throw new ProtocolException($"{what} is not valid JSON", e);
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
        document.Dispose();
        throw new ProtocolException($"{what} must be a JSON object");
    }

    /// <exception cref="ProtocolException">There is no such text, or an empty one.</exception>
    public static string Text(JsonElement parent, string name) =>
        OptionalText(parent, name) is { Length: > 0 } text ? text : throw new ProtocolException($"{name} must be a string and not be empty");

    /// <summary>Null when there is none.</summary>
    /// <exception cref="ProtocolException">It is there, and not text.</exception>
    public static string? OptionalText(JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.String) throw new ProtocolException($"{name} must be a string and not be empty");
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException e)
        {
            // An escaped half of a surrogate pair.
            throw new ProtocolException($"{name} is not text", e);
        }
    }
}
