using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Footbridge.Simulator.WhatsApp.State;

/// <summary>An account's passkey: what the authenticator signs with, and how the server checks it (WebAuthn, ES256).</summary>
internal sealed class SimPasskey : IDisposable
{
    public const string RelyingParty = "web.whatsapp.com";
    private const string Origin = "https://web.whatsapp.com";
    private const byte UserPresentAndVerified = 0x05;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] CredentialId { get; } = RandomNumberGenerator.GetBytes(20);

    /// <summary>The code that the phone shows when it does not know the device; null before.</summary>
    public string? ShownCode { get; set; }

    /// <summary>The request that <c>navigator.credentials.get</c> takes.</summary>
    public string Options(string challenge) => new JsonObject
    {
        ["challenge"] = challenge,
        ["timeout"] = 60_000,
        ["rpId"] = RelyingParty,
        ["allowCredentials"] = new JsonArray(new JsonObject { ["id"] = Base64Url.EncodeToString(CredentialId), ["type"] = "public-key", ["transports"] = new JsonArray("internal", "hybrid") }),
        ["userVerification"] = "required",
    }.ToJsonString();

    /// <summary>The owner agrees in the browser: the answer as <c>toJSON()</c> writes it.</summary>
    public string Sign(string optionsJson)
    {
        var challenge = JsonNode.Parse(optionsJson)!["challenge"]!.ToString();
        var clientData = Encoding.UTF8.GetBytes(new JsonObject { ["type"] = "webauthn.get", ["challenge"] = challenge, ["origin"] = Origin, ["crossOrigin"] = false }.ToJsonString());
        byte[] authenticatorData = [.. SHA256.HashData(Encoding.UTF8.GetBytes(RelyingParty)), UserPresentAndVerified, 0, 0, 0, 1];
        var id = Base64Url.EncodeToString(CredentialId);
        return new JsonObject
        {
            ["id"] = id,
            ["rawId"] = id,
            ["type"] = "public-key",
            ["authenticatorAttachment"] = "platform",
            ["clientExtensionResults"] = new JsonObject(),
            ["response"] = new JsonObject
            {
                ["clientDataJSON"] = Base64Url.EncodeToString(clientData),
                ["authenticatorData"] = Base64Url.EncodeToString(authenticatorData),
                ["signature"] = Base64Url.EncodeToString(_key.SignData(Signed(authenticatorData, clientData), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
                ["userHandle"] = null,
            },
        }.ToJsonString();
    }

    /// <summary>Whether this passkey signed this challenge for WhatsApp Web, in its owner's presence.</summary>
    public bool IsAnswer(byte[] credentialId, byte[] assertion, string challenge)
    {
        try
        {
            var root = JsonNode.Parse(assertion)!;
            var (clientData, authenticatorData) = (Bytes(root["response"]!["clientDataJSON"]), Bytes(root["response"]!["authenticatorData"]));
            var client = JsonNode.Parse(clientData)!;
            return credentialId.AsSpan().SequenceEqual(CredentialId) && Bytes(root["rawId"]).AsSpan().SequenceEqual(CredentialId)
                && client["type"]!.ToString() == "webauthn.get" && client["challenge"]!.ToString() == challenge && client["origin"]!.ToString() == Origin
                && authenticatorData.AsSpan().StartsWith(SHA256.HashData(Encoding.UTF8.GetBytes(RelyingParty)))
                && (authenticatorData[SHA256.HashSizeInBytes] & UserPresentAndVerified) == UserPresentAndVerified
                && _key.VerifyData(Signed(authenticatorData, clientData), Bytes(root["response"]!["signature"]), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or NullReferenceException or IndexOutOfRangeException)
        {
            return false;
        }
    }

    public void Dispose() => _key.Dispose();

    private static byte[] Signed(byte[] authenticatorData, byte[] clientData) => [.. authenticatorData, .. SHA256.HashData(clientData)];

    private static byte[] Bytes(JsonNode? text) => Base64Url.DecodeFromChars(text!.ToString());
}
