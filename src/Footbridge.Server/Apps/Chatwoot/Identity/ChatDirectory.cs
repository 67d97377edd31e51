using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>Finds or creates the contact and conversation of a chat, once; later messages need no further calls until there is news of the person.</summary>
internal sealed class ChatDirectory(IChatPlaces places, PersonFinder people, ContactFinder contacts, ChatContacts chats, ConversationChoice conversations, NameBook names, PictureRounds pictures)
{
    private readonly Turns<(string App, Jid Person)> _turns = new();

    /// <summary>Where a chat's messages go.</summary>
    /// <exception cref="AmbiguousContactException">Several contacts could be meant.</exception>
    public async Task<Place> ResolveAsync(ChatwootContext context, PublicEvent e, CancellationToken ct)
    {
        var place = await FindOrFileAsync(context, e, ct);
        await pictures.LookAsync(context.App.Id, e.Session, ChatKey.Of(e), place, ct);
        return place;
    }

    private async Task<Place> FindOrFileAsync(ChatwootContext context, PublicEvent e, CancellationToken ct)
    {
        var (app, chat) = (context.App.Id, ChatKey.Of(e));
        var known = await places.RecallAsync(app, chat, ct);
        if (!ChatKey.IsPerson(e)) return known is { IsOpen: false } ? await chats.NamedAsync(context, e.Session, Jid.Parse(chat), known, ct) : await FileChatAsync(context, Jid.Parse(chat), e.Session, ct);
        var name = await NameAsync(e, ct);
        if (known is { IsOpen: false } && !IsNews(known, e, name)) return known;
        var person = await people.OfAsync(e, ct);
        // The number's lane and the hidden id's may both be here at the moment when the two become known to be one.
        using var turn = await _turns.EnterAsync((app, person.Address), ct);
        return await FilePersonAsync(context, chat, person, name, ct);
    }

    private async Task<Place> FilePersonAsync(ChatwootContext context, string chat, KnownPerson person, string? name, CancellationToken ct)
    {
        var app = context.App.Id;
        var known = await places.RecallAsync(app, chat, ct);
        // The same person under the other address, from before the two were known to be one.
        foreach (var key in person.Keys.Where(key => key != chat)) known = known is { IsOpen: false } ? known : await places.FindAsync(app, key, ct) ?? known ?? await places.RecallAsync(app, key, ct);
        if (known is null || await ToldAsync(context, known, person, name, ct) is not { } told) return await FileAsync(context, chat, person, name, ct);
        await places.SaveAsync(app, chat, told, ct);
        if (told.Target != known.Target) await TellNewNumberAsync(context, known, told, ct);
        return told;
    }

    private async Task<Place> FileAsync(ChatwootContext context, string chat, KnownPerson person, string? name, CancellationToken ct)
    {
        var (contact, source, ours) = await contacts.FindOrCreateAsync(context, person, name, ct);
        var conversation = await conversations.ChooseAsync(context, contact, source, ct);
        var place = new Place(contact, conversation, person.Address.ToString()) { Name = ours, Lid = person.Lid?.ToString(), Source = source };
        await places.SaveAsync(context.App.Id, chat, place, ct);
        return place;
    }

    private async Task<Place> FileChatAsync(ChatwootContext context, Jid chat, string session, CancellationToken ct)
    {
        var (contact, source, name) = await chats.FindOrCreateAsync(context, session, chat, ct);
        var place = new Place(contact, await conversations.ChooseAsync(context, contact, source, ct), chat.ToString()) { Name = name, Source = source };
        await places.SaveAsync(context.App.Id, chat.ToString(), place, ct);
        return place;
    }

    /// <summary>Tells a contact what is new of its person; null when neither it nor its conversation is there any more.</summary>
    private async Task<Place?> ToldAsync(ChatwootContext context, Place known, KnownPerson person, string? name, CancellationToken ct)
    {
        var id = known.Contact;
        var contact = await context.Client.FindContactAsync(id, ct);
        if (contact is null)
        {
            // Part of another contact now, which has the conversation: whoever merged them has decided.
            if (known.IsOpen || await context.Client.FindOwnerAsync(known.Conversation, ct) is not { } owner || await context.Client.FindContactAsync(owner, ct) is not { } kept) return null;
            (id, contact) = (owner, kept);
        }

        var (changes, ours) = ContactRequests.News(contact, person, known, name);
        await ContactFinder.WriteAsync(context, id, changes, ct);
        var told = known with { Contact = id, Target = person.Address.ToString(), Name = ours, Lid = person.Lid?.ToString() ?? known.Lid };
        if (!known.IsOpen) return told;
        var source = await ContactFinder.SourceOfAsync(context, contact, ct);
        return told with { Source = source, Conversation = await conversations.ChooseAsync(context, id, source, ct) };
    }

    private static async Task TellNewNumberAsync(ChatwootContext context, Place before, Place now, CancellationToken ct)
    {
        if (!Jid.TryParse(before.Target, out var former) || !former.IsPhone || !Jid.TryParse(now.Target, out var phone) || !phone.IsPhone) return;
        var note = new JsonObject
        {
            ["content"] = context.Words.Say(Key.ContactNumberChanged, new { number = ContactRequests.E164(phone) }),
            ["message_type"] = "outgoing",
            ["private"] = true,
        };
        try
        {
            await Lookback.SayOnceAsync(mayBeThere: true, context, now.Conversation, $"number:{phone.User}", note, ct);
        }
        catch (ChatwootException e) when (e.Status == 404)
        {
            // The conversation is gone: the message that is on its way finds that out, and opens another.
        }
    }

    /// <summary>Whether the event tells something of the person that the contact has not been told.</summary>
    private static bool IsNews(Place known, PublicEvent e, string? name) =>
        (e.ChatPhone is { } phone && known.Target != phone) || (e.ChatLid is { } lid && known.Lid != lid)
        || (known.Name is { } ours && name is not null && ContactRequests.Shorten(name) != ours);

    /// <summary>What the account's owner calls the person, else what they call themselves in their own messages.</summary>
    private async ValueTask<string?> NameAsync(PublicEvent e, CancellationToken ct) =>
        await names.SavedAsync(e.Session, Jid.Parse(ChatKey.Of(e)).ToUser(), ct) ?? OwnNameOf(e);

    private static string? OwnNameOf(PublicEvent e) =>
        e.Payload["fromMe"]?.GetValue<bool>() != true && e.Payload["_data"]?["notifyName"]?.ToString() is { Length: > 0 } name ? name : null;
}
