using System.Text.Json.Nodes;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>Contacts that stand for what is no person: groups, channels, broadcast lists, the status feed.</summary>
internal sealed class ChatContacts(IPeopleGate people, IChatPlaces places)
{
    /// <returns>The contact, its source id in the inbox, and its name if that is ours to change.</returns>
    /// <exception cref="AmbiguousContactException">Several contacts carry the chat's id.</exception>
    public async Task<(long Id, string SourceId, string? Name)> FindOrCreateAsync(ChatwootContext context, string session, Jid chat, CancellationToken ct)
    {
        var id = WahaIds.ChatId(chat);
        var found = await FindAsync(context, id, ct);
        var name = ContactRequests.Shorten(await NameAsync(context, session, chat, ct));
        if (found is null)
        {
            var (made, source) = await context.Client.CreateContactAsync(ContactRequests.CreateChat(id, name), ct);
            return (made, source, name);
        }

        return (found["id"]!.GetValue<long>(), await ContactFinder.SourceOfAsync(context, found, ct), found["name"]?.ToString() == name ? name : null);
    }

    /// <returns>The contact that carries a chat's id, or null.</returns>
    /// <exception cref="AmbiguousContactException">Several do.</exception>
    public static async Task<JsonObject?> FindAsync(ChatwootContext context, string chatId, CancellationToken ct)
    {
        var rows = (await ContactFinder.FilterAsync(context, ContactRequests.Conditions(chatId), ct)).OfType<JsonObject>().ToList();
        return rows.Count <= 1 ? rows.FirstOrDefault() : throw new AmbiguousContactException(chatId, [.. rows.Select(row => ContactFinder.CandidateOf(context, row))]);
    }

    /// <summary>A group or channel whose name could not be had when it was filed is asked again.</summary>
    public async Task<Place> NamedAsync(ChatwootContext context, string session, Jid chat, Place place, CancellationToken ct)
    {
        if (place.Name is null || place.Name != ContactRequests.Shorten(Named(context.Words, chat, WahaIds.ChatId(chat)))) return place;
        if (await people.FindChatNameAsync(session, chat, ct) is { } subject) await RenameAsync(context, chat, subject, ct);
        return await places.FindAsync(context.App.Id, chat.ToString(), ct) ?? place;
    }

    /// <summary>A group or channel is called something else now: so is its contact, unless an agent gave it another name.</summary>
    public async Task RenameAsync(ChatwootContext context, Jid chat, string subject, CancellationToken ct)
    {
        if (await places.FindAsync(context.App.Id, chat.ToString(), ct) is not { Name: { } ours } place) return;
        var name = ContactRequests.Shorten(Named(context.Words, chat, subject));
        if (name == ours) return;
        if (await context.Client.FindContactAsync(place.Contact, ct) is not { } contact) return;
        var isOurs = contact["name"]?.ToString() == ours;
        if (isOurs) await context.Client.UpdateContactAsync(place.Contact, new() { ["name"] = name }, ct);
        await places.SaveAsync(context.App.Id, chat.ToString(), place with { Name = isOurs ? name : null }, ct);
    }

    private async Task<string> NameAsync(ChatwootContext context, string session, Jid chat, CancellationToken ct)
    {
        if (chat == Jid.Status) return $"🟢 {context.Words.Say(Key.WhatsAppContactStatusName)}";
        if (chat.Server == JidServer.Broadcast) return $"{context.Words.Say(Key.WhatsAppContactBroadcastSuffix)} ({WahaIds.ChatId(chat)})";
        return Named(context.Words, chat, await people.FindChatNameAsync(session, chat, ct) ?? WahaIds.ChatId(chat));
    }

    private static string Named(Words words, Jid chat, string subject) => chat switch
    {
        { IsGroup: true } => $"{subject} ({words.Say(Key.WhatsAppContactGroupSuffix)})",
        { Server: JidServer.Newsletter } => $"{subject} ({words.Say(Key.WhatsAppContactChannelSuffix)})",
        _ => subject,
    };
}
