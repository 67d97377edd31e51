using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Footbridge.Protocol.Pairing;

/// <summary>A passkey's answer to a <see cref="PasskeyChallenge"/>, as <c>navigator.credentials.get().toJSON()</c> gives it. Source: docs/protocol/pairing.md.</summary>
/// <param name="CredentialId">Which passkey signed.</param>
/// <param name="Json">The answer with the members that WhatsApp reads, UTF-8.</param>
public sealed record PasskeyAssertion(byte[] CredentialId, byte[] Json)
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>Reads an answer, and checks that it is one to this challenge; whether it is signed rightly is for WhatsApp to say.</summary>
    /// <exception cref="ProtocolException">A member is missing or malformed, or the answer is to another challenge. The text names it.</exception>
    public static PasskeyAssertion Parse(string json, PasskeyChallenge challenge)
    {
        if (json.Length > MaxBytes) throw new ProtocolException("the assertion is too large");
        using var document = WebAuthnJson.Object(Encoding.UTF8.GetBytes(json), "the assertion");
        var root = document.RootElement;
        if (WebAuthnJson.Text(root, "type") != "public-key") throw new ProtocolException("type must be public-key");
        if (!root.TryGetProperty("response", out var response) || response.ValueKind != JsonValueKind.Object) throw new ProtocolException("response must be an object");
        var clientData = Bytes(response, "clientDataJSON");
        Check(clientData, challenge);
        Bytes(response, "authenticatorData");
        Bytes(response, "signature");
        return new(Bytes(root, "rawId"), Write(root, response));
    }

    public override string ToString() => "PasskeyAssertion [redacted]";

    private static void Check(byte[] clientData, PasskeyChallenge challenge)
    {
        using var document = WebAuthnJson.Object(clientData, "clientDataJSON");
        if (WebAuthnJson.Text(document.RootElement, "type") != "webauthn.get") throw new ProtocolException("clientDataJSON is not of an assertion (webauthn.get)");
        if (WebAuthnJson.Text(document.RootElement, "challenge") != challenge.Challenge.TrimEnd('=')) throw new ProtocolException("the assertion is an answer to another challenge");
    }

    /// <summary>Only what the contract names: extensions and the like are the browser's business.</summary>
    private static byte[] Write(JsonElement root, JsonElement response)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            foreach (var name in new[] { "id", "rawId", "type" }) writer.WriteString(name, WebAuthnJson.Text(root, name));
            writer.WriteStartObject("response");
            foreach (var name in new[] { "clientDataJSON", "authenticatorData", "signature" }) writer.WriteString(name, WebAuthnJson.Text(response, name));
            if (WebAuthnJson.OptionalText(response, "userHandle") is { Length: > 0 } user) writer.WriteString("userHandle", user);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static byte[] Bytes(JsonElement parent, string name)
    {
        try
        {
            return Base64Url.DecodeFromChars(WebAuthnJson.Text(parent, name));
        }
        catch (FormatException e)
        {
            throw new ProtocolException($"{name} must be base64url", e);
        }
    }
}
