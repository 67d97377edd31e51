using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>Every kind of message, in the order in which they are tried.</summary>
internal sealed class Converters(Settings settings)
{
    private readonly IMessageConverter[] _all = [new TextConverter()];

    /// <summary>What a message becomes: of a kind that nobody knows at least a word that there is one.</summary>
    public async ValueTask<ChatEntry> ConvertAsync(Inbound message, CancellationToken ct)
    {
        foreach (var converter in _all)
        {
            if (await converter.ConvertAsync(message, ct) is { } entry) return entry;
        }

        return new(message.Words.Say(Key.FromWhatsAppUnsupported, new { details = JobReference.Of(message.Job, settings) }));
    }
}
