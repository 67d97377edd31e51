using Footbridge.Jobs;
using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>What a WhatsApp message says in Chatwoot: its own text, who wrote it when that was not the customer, and when if that was long ago.</summary>
internal sealed class MessageText(Settings settings, TimeProvider time)
{
    public string Of(JobContext job, Words words, PublicEvent e, bool isFromMe)
    {
        var text = OwnText(job, words, e);
        if (isFromMe) text = words.Say(e.Payload["source"]?.ToString() == "api" ? Key.MessageFromApi : Key.MessageFromWhatsApp, new { text });
        text = Dated(words, e, text);
        return isFromMe ? Liquid.Escape(text) : text;
    }

    private string OwnText(JobContext job, Words words, PublicEvent e)
    {
        if (e.Event == PublicEvent.MessageWaiting) return words.Say(Key.MessageWaiting);
        var body = words.Say(Key.FromWhatsApp, new { payload = e.Payload });
        return body.Length > 0 ? WhatsAppToMarkdown.Apply(body) : words.Say(Key.FromWhatsAppUnsupported, new { details = JobReference.Of(job, settings) });
    }

    private string Dated(Words words, PublicEvent e, string content) =>
        Words.Moment(e.Payload["timestamp"]) is { } at && time.GetUtcNow() - at > settings.DateLineAfter
            ? words.Say(Key.WhatsAppHistoryMessageWrapper, new { content, payload = e.Payload, history = false, timestamp = words.Date(at) })
            : content;
}
