using System.Text;
using Footbridge.Protocol.Generated;

namespace Footbridge.Engine.Messages.Contents;

/// <summary>A contact card.</summary>
/// <param name="Vcard">The whole vCard.</param>
public sealed record ContactCard(string DisplayName, string Vcard)
{
    /// <summary>A vCard 3.0 with one mobile number.</summary>
    /// <param name="phone">As it is to be shown.</param>
    /// <param name="whatsAppId">The digits of the number's account; null for one that has none.</param>
    public static ContactCard Of(string fullName, string? organization, string phone, string? whatsAppId)
    {
        var card = new StringBuilder("BEGIN:VCARD\nVERSION:3.0\n").Append("FN:").Append(Escape(fullName)).Append('\n');
        if (!string.IsNullOrEmpty(organization)) card.Append("ORG:").Append(Escape(organization)).Append(";\n");
        card.Append("TEL;type=CELL;type=VOICE");
        if (!string.IsNullOrEmpty(whatsAppId)) card.Append(";waid=").Append(whatsAppId);
        return new(fullName, card.Append(':').Append(Escape(phone)).Append("\nEND:VCARD").ToString());
    }

    /// <summary>The display name that a vCard gives itself, or an empty text.</summary>
    public static string NameIn(string vcard) => vcard.Split('\n').Select(line => line.TrimEnd('\r'))
        .FirstOrDefault(line => line.StartsWith("FN:", StringComparison.OrdinalIgnoreCase) || line.StartsWith("FN;", StringComparison.OrdinalIgnoreCase)) is { } line
        ? line[(line.IndexOf(':') + 1)..].Replace("\\,", ",", StringComparison.Ordinal).Replace("\\;", ";", StringComparison.Ordinal)
        : "";

    /// <summary>Text values as RFC 2426 wants them; a line break would begin another property.</summary>
    private static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).Replace(";", "\\;", StringComparison.Ordinal);
}

/// <summary>Contact cards as messages. Source: docs/protocol/message-kinds.md.</summary>
public static class ContactContents
{
    /// <exception cref="ArgumentException">There is no card.</exception>
    public static Message Contacts(IReadOnlyList<ContactCard> cards, MessageContext? context = null)
    {
        if (cards.Count == 0) throw new ArgumentException("no contact to send", nameof(cards));
        if (cards is [var only]) return new() { ContactMessage = new() { DisplayName = only.DisplayName, Vcard = only.Vcard, ContextInfo = context?.Build() } };
        var list = new Message.Types.ContactsArrayMessage { DisplayName = $"{cards.Count} contacts", ContextInfo = context?.Build() };
        list.Contacts.AddRange(cards.Select(card => new Message.Types.ContactMessage { DisplayName = card.DisplayName, Vcard = card.Vcard }));
        return new() { ContactsArrayMessage = list };
    }
}
