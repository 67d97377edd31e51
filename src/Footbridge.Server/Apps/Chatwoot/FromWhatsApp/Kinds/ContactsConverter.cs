using System.Text;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;
using Footbridge.Server.Sessions.Events;

namespace Footbridge.Server.Apps.Chatwoot.FromWhatsApp.Kinds;

/// <summary>Contact cards: names and numbers to read, a link for each number that is on WhatsApp, and the cards as files.</summary>
internal sealed class ContactsConverter(Settings settings) : IMessageConverter
{
    public async ValueTask<ChatEntry?> ConvertAsync(Inbound message, CancellationToken ct)
    {
        var cards = MessageTexts.VcardsOf(message.Content).ToList();
        if (cards.Count == 0) return null;
        var contacts = cards.Select(Vcard.Parse).ToList();
        var text = message.Words.Say(Key.FromWhatsAppContacts, new { contacts = contacts.Select(card => new { fullName = card.FullName, phoneNumbers = card.PhoneNumbers }).ToList() });
        var links = contacts.SelectMany(card => card.WhatsAppNumbers).Distinct().Select(number => message.Words.Say(Key.ContactStartChat, new { url = "https://wa.me/" + number })).ToList();
        if (links.Count > 0) text += "\n\n" + string.Join('\n', links);
        var files = new List<EntryFile>();
        foreach (var card in cards) files.Add(await ScratchEntries.WriteAsync(settings, Encoding.UTF8.GetBytes(card), $"vcard-{files.Count + 1}.vcf", "text/vcard", ct));
        return new ChatEntry(text) { Files = files };
    }
}
