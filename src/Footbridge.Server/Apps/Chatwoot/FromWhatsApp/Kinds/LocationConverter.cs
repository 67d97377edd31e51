using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp.Kinds;

/// <summary>A place, or where somebody is now, with a link to a map.</summary>
internal sealed class LocationConverter : IMessageConverter
{
    public ValueTask<ChatEntry?> ConvertAsync(Inbound message, CancellationToken ct) => new(message.Content is { LocationMessage: null, LiveLocationMessage: null }
        ? null
        : new ChatEntry(message.Words.Say(Key.FromWhatsAppLocation, new { payload = message.Payload, message = message.Raw })));
}
