using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>What every entry says beside its text: where it was written when not by the customer, and when if that was long ago.</summary>
internal sealed class EntryMarks(Settings settings, NameBook names, TimeProvider time)
{
    public async ValueTask<string?> ApplyAsync(Inbound message, ChatEntry entry, CancellationToken ct)
    {
        var text = entry.Text ?? "";
        if (await AuthorAsync(message, ct) is { } participant) text = message.Words.Say(Key.WhatsAppGroupMessage, new { text, participant }).TrimEnd();
        if (message.IsFromMe && text.Length > 0) text = message.Words.Say(message.IsFromApi ? Key.MessageFromApi : Key.MessageFromWhatsApp, new { text });
        if (message.HasTrueDate) return text.Length == 0 ? entry.Text : text;
        text = Dated(message, text).TrimStart('\n');
        if (text.Length == 0) return entry.Text;
        return message.IsFromMe ? Liquid.Escape(text) : text;
    }

    /// <summary>Who of several wrote it, by name and number; null where there is but one who could have.</summary>
    private async ValueTask<string?> AuthorAsync(Inbound message, CancellationToken ct)
    {
        if (message.IsFromMe || ChatKey.IsPerson(message.Event) || message.Payload["participant"]?.ToString() is not { Length: > 0 } id) return null;
        if (WahaIds.ParseChatId(id) is not { } person) return id;
        return await names.ShownAsync(message.Event.Session, person, message.Payload["_data"]?["notifyName"]?.ToString(), ct);
    }

    private string Dated(Inbound message, string content) =>
        Words.Moment(message.Payload["timestamp"]) is { } at && (message.IsHistory || time.GetUtcNow() - at > settings.DateLineAfter)
            ? message.Words.Say(Key.WhatsAppHistoryMessageWrapper, new { content, payload = message.Payload, history = message.IsHistory, timestamp = message.Words.Date(at) })
            : content;
}
