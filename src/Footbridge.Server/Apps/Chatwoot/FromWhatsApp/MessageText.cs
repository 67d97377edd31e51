using Footbridge.Engine.Messages.Contents;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp;

/// <summary>A message's own text as agents read it: people who are mentioned by name, and under it what a linked page calls itself.</summary>
internal sealed class MessageText(NameBook names)
{
    /// <summary>Markdown; null when there is none.</summary>
    public async ValueTask<string?> OfAsync(Inbound message, CancellationToken ct)
    {
        var body = message.Words.Say(Key.FromWhatsApp, new { payload = message.Payload });
        if (body.Length == 0) return null;
        var text = await WithNamesAsync(message, WhatsAppToMarkdown.Apply(body), ct);
        return text + Preview(message.Content.ExtendedTextMessage);
    }

    private async ValueTask<string> WithNamesAsync(Inbound message, string text, CancellationToken ct)
    {
        if (ContextInfos.Find(message.Content) is not { MentionedJid.Count: > 0 } context) return text;
        foreach (var mentioned in context.MentionedJid.Distinct().OrderByDescending(jid => jid.Length))
        {
            if (!Jid.TryParse(mentioned, out var person) || person.User.Length == 0 || !text.Contains('@' + person.User, StringComparison.Ordinal)) continue;
            if (await names.OfAsync(message.Event.Session, person.ToUser(), ct) is { } name) text = text.Replace('@' + person.User, '@' + name, StringComparison.Ordinal);
        }

        return text;
    }

    private static string Preview(Message.Types.ExtendedTextMessage? text)
    {
        if (text is not { HasMatchedText: true, Title.Length: > 0 }) return "";
        var description = text.Description.Length == 0 ? "" : $"\n> {text.Description.ReplaceLineEndings(" ")}";
        return $"\n\n> **{text.Title.ReplaceLineEndings(" ")}**{description}";
    }
}
