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
/// <param name="TypingPause">How long the customer sees "typing…" before a text.</param>
/// <param name="ShowsTyping">Typing is shown to the other side while somebody types.</param>
/// <param name="WebhookSecret">The inbox's secret that Chatwoot signs with; null when nothing is checked.</param>
internal sealed record SendingConfig(bool EmojiReplies, TimeSpan OrderWait, TimeSpan TypingPause, bool ShowsTyping, SignatureMode Signature, string? WebhookSecret)
{
    /// <summary>Longer than callbacks of one moment are apart.</summary>
    public const int MaxOrderWaitMs = 2000;

    /// <summary>WhatsApp's apps show "typing…" no longer than about 25 s.</summary>
    public const int MaxTypingMs = 20_000;

    private const int DefaultOrderWaitMs = 300;

    // The first is the default.
    private static readonly string[] SignatureModes = ["warn", "off", "enforce"];

    /// <exception cref="InvalidRequestException">A field is of the wrong kind.</exception>
    public static SendingConfig Read(JsonObject config)
    {
        var own = Body.Object(config, "footbridge") ?? [];
        var secret = Body.Text(own, "webhookSecret") is { Length: > 0 } given ? given : null;
        var mode = Enum.Parse<SignatureMode>(ChatwootConfig.Choice(own, "webhookSignature", "footbridge.webhookSignature", SignatureModes), ignoreCase: true);
        if (mode == SignatureMode.Enforce && secret is null) throw new InvalidRequestException("footbridge.webhookSecret should not be empty when signatures are enforced");
        return new(
            Body.Flag(own, "emojiReplies") ?? true, Time(own, "orderWaitMs", DefaultOrderWaitMs, MaxOrderWaitMs), Time(own, "typingMs", 0, MaxTypingMs), Body.Flag(own, "typing") ?? true, mode, mode == SignatureMode.Off ? null : secret);
    }

    private static TimeSpan Time(JsonObject own, string name, long byDefault, int max)
    {
        var value = own[name] is null ? byDefault : Body.RequiredNumber(own, name);
        return value >= 0 && value <= max ? TimeSpan.FromMilliseconds(value) : throw new InvalidRequestException($"footbridge.{name} must be between 0 and {max}");
    }

    public override string ToString() => $"signatures: {Signature} [secret redacted]";
}
