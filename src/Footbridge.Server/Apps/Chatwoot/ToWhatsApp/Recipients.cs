using Footbridge.Jobs;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.Identity;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.ToWhatsApp;

/// <summary>A contact has neither a chat nor a number to write to.</summary>
internal sealed class NoAddressException() : PermanentJobException("Chat ID not found: the contact has no WhatsApp id and no phone number");

/// <summary>A contact's number has no account.</summary>
internal sealed class NotOnWhatsAppException(string phone) : PermanentJobException("The contact's phone number is not on WhatsApp")
{
    public string Phone => phone;
}

/// <summary>Who a conversation's messages go to.</summary>
internal sealed class Recipients(IChatPlaces places, IPeopleGate people, AgentChats chats)
{
    /// <exception cref="NoAddressException">The contact has no address.</exception>
    /// <exception cref="NotOnWhatsAppException">The contact's number has no account.</exception>
    public async Task<Jid> FindAsync(InboxData data, long conversation, CancellationToken ct)
    {
        if (await FindKnownAsync(data.App, data.Session, conversation, ct) is { } known) return known;
        var contact = data.Body["conversation"]?["meta"]?["sender"];
        foreach (var key in new[] { ChatwootSetup.ChatIdAttribute, ChatwootSetup.JidAttribute, ChatwootSetup.LidAttribute })
        {
            if (contact?["custom_attributes"]?[key]?.ToString() is { Length: > 0 } id && WahaIds.ParseChatId(id) is { } address) return address;
        }

        if (contact?["phone_number"]?.ToString() is not { Length: > 0 } phone) throw new NoAddressException();
        var digits = new string([.. phone.Where(char.IsAsciiDigit)]);
        var account = await people.FindAccountAsync(data.Session, digits, ct) ?? throw new NotOnWhatsAppException(phone);
        if (contact["id"]?.GetValue<long>() is { } owner) await chats.NoteAsync(data, owner, conversation, account, ct);
        return account;
    }

    /// <summary>Whom the conversation is with, when messages have gone through it; null before.</summary>
    public async ValueTask<Jid?> FindKnownAsync(string app, string session, long conversation, CancellationToken ct) =>
        await places.OfConversationAsync(app, conversation, ct) is { } place && Jid.TryParse(place.Target, out var known) ? await PresentAsync(session, place, known, ct) : null;

    /// <summary>The person's address of today: a number may be somebody else's since the person last wrote.</summary>
    private async ValueTask<Jid> PresentAsync(string session, Place place, Jid known, CancellationToken ct)
    {
        if (!known.IsPhone || KnownPerson.JidOf(place.Lid) is not { } lid) return known;
        var addresses = await people.FindAddressesAsync(session, lid, ct);
        return addresses[0];
    }
}
