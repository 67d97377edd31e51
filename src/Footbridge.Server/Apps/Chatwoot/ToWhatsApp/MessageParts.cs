using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.Convert;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Wording;

namespace Footbridge.Server.Apps.Chatwoot.ToWhatsApp;

/// <summary>What one message of an agent is on WhatsApp: a text, a file with the text under it, or a text and then each file.</summary>
internal static class MessageParts
{
    /// <summary>The parts in the order they go out; empty when there is nothing to send.</summary>
    /// <param name="reply">The message that is answered; the first part quotes it.</param>
    public static IReadOnlyList<SendCall> Of(AgentMessage message, Jid target, MessageAddress? reply)
    {
        var files = Attachments.Of(message.Body, message.Context.Config.Url);
        var mentions = target.IsGroup ? Mentions.Read(message.Content) : new(message.Content, [], false);
        var content = MarkdownToWhatsApp.Apply(mentions.Text);
        var parts = new List<SendCall>();
        // A voice message has no place for a text.
        var isCaption = files is [(not SendKind.Voice, _)];
        if (content.Length > 0 && !isCaption)
        {
            var text = message.Context.Words.Say(Key.ToWhatsAppText, new { content, chatwoot = message.Body });
            if (text.Length > 0) parts.Add(new(message.IdOf(1), target.ToString(), SendKind.Text) { Text = text, Preview = message.Context.Config.Preview, Mentions = mentions.People, MentionsAll = mentions.All });
        }

        foreach (var (kind, file) in files)
        {
            var caption = message.Context.Words.Say(Key.ToWhatsAppMediaCaption, new { content, chatwoot = message.Body, singleAttachment = isCaption });
            var call = new SendCall(message.IdOf(parts.Count + 1), target.ToString(), kind) { Text = caption, File = file };
            parts.Add(isCaption ? call with { Mentions = mentions.People, MentionsAll = mentions.All } : call);
        }

        if (parts.Count > 0 && reply is not null) parts[0] = parts[0] with { Quote = reply };
        return parts;
    }
}
