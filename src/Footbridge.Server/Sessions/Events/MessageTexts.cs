using Footbridge.Protocol.Generated;

namespace Footbridge.Server.Sessions.Events;

/// <summary>What a message says, whatever its kind.</summary>
internal static class MessageTexts
{
    /// <summary>The text, the caption, or what a menu or its answer says; null when there is no such thing.</summary>
    public static string? BodyOf(Message content) =>
        content.HasConversation ? content.Conversation
        : content.ExtendedTextMessage is { } extended ? extended.Text
        : content.ImageMessage is { HasCaption: true } image ? image.Caption
        : content.VideoMessage is { HasCaption: true } video ? video.Caption
        : content.DocumentMessage is { HasCaption: true } document ? document.Caption
        : MenuOf(content);

    public static bool HasMedia(Message content) =>
        content.ImageMessage is not null || content.VideoMessage is not null || content.PtvMessage is not null || content.AudioMessage is not null
        || content.DocumentMessage is not null || content.StickerMessage is not null;

    public static IEnumerable<string> VcardsOf(Message content) =>
        content.ContactMessage is { } one ? [one.Vcard] : content.ContactsArrayMessage is { } many ? many.Contacts.Select(contact => contact.Vcard) : [];

    /// <summary>The name of the first content field, such as <c>imageMessage</c>, or null for a kind this schema does not know.</summary>
    public static string? KindOf(Message content) => Message.Descriptor.Fields.InFieldNumberOrder()
        .FirstOrDefault(field => field.HasPresence && field.Name is not ("messageContextInfo" or "senderKeyDistributionMessage") && field.Accessor.HasValue(content))?.Name;

    private static string? MenuOf(Message content)
    {
        if (content.TemplateMessage?.HydratedTemplate is { } template) return Joined(template.HydratedTitleText, template.HydratedContentText, template.HydratedFooterText);
        if (content.ButtonsMessage is { } buttons) return Joined(buttons.Text, buttons.ContentText, buttons.FooterText);
        if (content.ListMessage is { } list) return Joined(list.Title, list.Description, list.FooterText);
        if (content.InteractiveMessage is { } menu) return Joined(menu.Header?.Title, menu.Body?.Text, menu.Footer?.Text);
        if (content.TemplateButtonReplyMessage is { } pressed) return pressed.SelectedDisplayText;
        if (content.ButtonsResponseMessage is { } response) return response.SelectedDisplayText;
        if (content.ListResponseMessage is { } choice) return Joined(choice.Title, choice.Description);
        return content.InteractiveResponseMessage?.Body is { } answer ? Joined(answer.Text) : null;
    }

    private static string? Joined(params ReadOnlySpan<string?> parts)
    {
        var kept = new List<string>();
        foreach (var part in parts)
        {
            if (!string.IsNullOrEmpty(part)) kept.Add(part);
        }

        return kept.Count == 0 ? null : string.Join('\n', kept);
    }
}
