using Footbridge.Server.Apps.Chatwoot.State;

namespace Footbridge.Server.Apps.Chatwoot.ToWhatsApp;

/// <summary>Finds the WhatsApp message that an agent answers.</summary>
internal sealed class Replies(IJobState state)
{
    /// <summary>By the map, and for what is older than that by the id that Chatwoot keeps; null when the message answers none that is on WhatsApp.</summary>
    public async ValueTask<MessageAddress?> FindAsync(AgentMessage message, CancellationToken ct)
    {
        if (message.ReplyTo is { } cwId)
        {
            var parts = await state.ByChatwootAsync(message.App, message.Conversation, cwId, ct);
            if ((parts.FirstOrDefault(IsMessage) ?? parts.FirstOrDefault()) is { } part) return new(RawId(part.WaId), part.IsFromMe, part.Participant);
        }

        return message.ReplyToExternal is { } id ? new(RawId(id), null, null) : null;
    }

    /// <summary>Whether a row is of a message, and not of something that happened to one.</summary>
    public static bool IsMessage(MappedMessage part) => !part.WaId.Contains(':', StringComparison.Ordinal);

    private static string RawId(string mapId) => mapId.Split(':')[0];
}
