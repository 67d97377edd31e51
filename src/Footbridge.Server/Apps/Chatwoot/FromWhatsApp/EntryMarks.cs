using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>What every entry says beside its text: where it was written when not by the customer, and when if that was long ago.</summary>
internal sealed class EntryMarks(Settings settings, TimeProvider time)
{
    public string? Apply(Inbound message, ChatEntry entry)
    {
        var text = entry.Text ?? "";
        if (message.IsFromMe && text.Length > 0) text = message.Words.Say(message.IsFromApi ? Key.MessageFromApi : Key.MessageFromWhatsApp, new { text });
        if (message.HasTrueDate) return text.Length == 0 ? entry.Text : text;
        text = Dated(message, text).TrimStart('\n');
        if (text.Length == 0) return entry.Text;
        return message.IsFromMe ? Liquid.Escape(text) : text;
    }

    private string Dated(Inbound message, string content) =>
        Words.Moment(message.Payload["timestamp"]) is { } at && (message.IsHistory || time.GetUtcNow() - at > settings.DateLineAfter)
            ? message.Words.Say(Key.WhatsAppHistoryMessageWrapper, new { content, payload = message.Payload, history = message.IsHistory, timestamp = message.Words.Date(at) })
            : content;
}
