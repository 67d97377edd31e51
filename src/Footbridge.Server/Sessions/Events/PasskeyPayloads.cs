using System.Text.Json.Nodes;
using Footbridge.Engine;

namespace Footbridge.Server.Sessions.Events;

/// <summary>What <c>session.status</c> carries in <c>data</c>: only linking with a passkey has some.</summary>
internal static class PasskeyPayloads
{
    private const int TimeoutMs = 60_000;

    public static JsonObject? Of(ConnectionState state) => state switch
    {
        ConnectionState.PasskeyRequired required => Challenge(JsonNode.Parse(required.Challenge)!.AsObject()),
        ConnectionState.PasskeyConfirmation confirmation => new() { ["code"] = confirmation.Code },
        _ => null,
    };

    /// <summary>WhatsApp's own object, with WebAuthn's defaults where the contract wants a member and there is none.</summary>
    private static JsonObject Challenge(JsonObject options)
    {
        options["timeout"] ??= TimeoutMs;
        options["rpId"] ??= "web.whatsapp.com";
        options["allowCredentials"] ??= new JsonArray();
        options["userVerification"] ??= "preferred";
        return options;
    }
}
