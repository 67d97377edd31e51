using System.Text.Json.Nodes;
using Footbridge.Server.Api;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot;

/// <summary>What becomes of a callback whose signature does not hold.</summary>
internal enum SignatureMode
{
    Off,
    Warn,
    Enforce,
}

/// <summary>How agents' messages are taken on and sent: the app's settings that WAHA does not have, under <c>footbridge</c>.</summary>
/// <param name="EmojiReplies">A reply that is a single emoji becomes a reaction.</param>
/// <param name="OrderWait">How long a callback waits for those of earlier messages.</param>
/// <param name="WebhookSecret">The inbox's secret that Chatwoot signs with; null when nothing is checked.</param>
internal sealed record SendingConfig(bool EmojiReplies, TimeSpan OrderWait, SignatureMode Signature, string? WebhookSecret)
{
    /// <summary>Chatwoot waits 5 s for an answer.</summary>
    public const int MaxOrderWaitMs = 2000;

    private const int DefaultOrderWaitMs = 300;

    // The first is the default.
    private static readonly string[] SignatureModes = ["warn", "off", "enforce"];

    /// <exception cref="InvalidRequestException">A field is of the wrong kind.</exception>
    public static SendingConfig Read(JsonObject config)
    {
        var own = Body.Object(config, "footbridge") ?? [];
        var wait = own["orderWaitMs"] is null ? DefaultOrderWaitMs : Body.RequiredNumber(own, "orderWaitMs");
        if (wait is < 0 or > MaxOrderWaitMs) throw new InvalidRequestException($"footbridge.orderWaitMs must be between 0 and {MaxOrderWaitMs}");
        var secret = Body.Text(own, "webhookSecret") is { Length: > 0 } given ? given : null;
        var mode = Enum.Parse<SignatureMode>(ChatwootConfig.Choice(own, "webhookSignature", "footbridge.webhookSignature", SignatureModes), ignoreCase: true);
        if (mode == SignatureMode.Enforce && secret is null) throw new InvalidRequestException("footbridge.webhookSecret should not be empty when signatures are enforced");
        return new(Body.Flag(own, "emojiReplies") ?? true, TimeSpan.FromMilliseconds(wait), mode, mode == SignatureMode.Off ? null : secret);
    }

    public override string ToString() => $"signatures: {Signature} [secret redacted]";
}
