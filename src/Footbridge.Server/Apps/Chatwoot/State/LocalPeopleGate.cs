using Footbridge.Engine.Connection;
using Footbridge.Engine.Media;
using Footbridge.Engine.Messages;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Api.Chatting;
using Footbridge.Server.Sessions;
using Footbridge.Server.Storage.Archive;

namespace Footbridge.Server.Apps.Chatwoot.State;

/// <summary>Asks the sessions of this process.</summary>
internal sealed class LocalPeopleGate(SessionRegistry sessions, ChatArchive archive) : IPeopleGate
{
    public async Task<Jid?> FindAccountAsync(string session, string phoneDigits, CancellationToken ct)
    {
        var live = await sessions.WaitWorkingAsync(session, ct);
        return (await live.FindAccountAsync(phoneDigits, ct))?.Address;
    }

    public async ValueTask<string?> FindNameAsync(string session, Jid person, CancellationToken ct)
    {
        var twin = sessions.Find(session) is { } live ? await live.FindTwinAsync(person, ct) : null;
        var known = NameOf(session, person) ?? (twin is { } other ? NameOf(session, other) : null);
        return known ?? (person.IsPhone ? "+" + person.User : twin is { IsPhone: true } phone ? "+" + phone.User : null);
    }

    public async ValueTask<string?> FindSavedNameAsync(string session, Jid person, CancellationToken ct)
    {
        var twin = sessions.Find(session) is { } live ? await live.FindTwinAsync(person, ct) : null;
        return SavedNameOf(session, person) ?? (twin is { } other ? SavedNameOf(session, other) : null);
    }

    public async ValueTask<IReadOnlyList<Jid>> FindAddressesAsync(string session, Jid person, CancellationToken ct)
    {
        if (!person.IsUser || sessions.Find(session) is not { } live) return [person];
        var twin = await live.FindTwinAsync(person, ct);
        if ((person.IsLid ? person : twin) is not { } lid) return [person];
        var present = person.IsLid ? twin : await live.FindTwinAsync(lid, ct);
        return [.. new[] { present, lid, person }.OfType<Jid>().Concat(await live.Client.FindFormerPhonesAsync(lid, ct)).Distinct()];
    }

    public async Task<string?> FindChatNameAsync(string session, Jid chat, CancellationToken ct)
    {
        if (sessions.Find(session) is not { } live) return null;
        try
        {
            return chat.IsGroup ? (await live.Client.Groups.GetAsync(chat, ct)).Subject
                : chat.Server == JidServer.Newsletter ? (await live.Client.Channels.GetAsync(chat, ct)).Name
                : null;
        }
        catch (Exception e) when (e is NotOnlineException or QueryFailedException or TimeoutException)
        {
            return null;
        }
    }

    public async Task<int?> CountMembersAsync(string session, Jid group, CancellationToken ct)
    {
        if (sessions.Find(session) is not { } live) return null;
        try
        {
            return (await live.Client.Groups.GetAsync(group, ct)).Members.Count;
        }
        catch (Exception e) when (e is NotOnlineException or QueryFailedException or TimeoutException)
        {
            return null;
        }
    }

    public async Task<PictureFile?> FindPictureAsync(string session, Jid owner, string? known, CancellationToken ct)
    {
        if (sessions.Find(session) is not { } live) return null;
        try
        {
            var pictures = live.Client.Contacts.Pictures;
            return await pictures.FindAsync(owner, isPreview: false, refresh: false, ct) is not { } picture ? null
                : new(picture.Id, picture.Id == known ? null : await pictures.FetchAsync(picture, ct));
        }
        catch (Exception e) when (e is NotOnlineException or QueryFailedException or TimeoutException or MediaFailedException)
        {
            return null;
        }
    }

    private string? SavedNameOf(string session, Jid person) => archive.FindContact(session, person)?.FullName is { Length: > 0 } name ? name : null;

    private string? NameOf(string session, Jid person) => archive.FindContact(session, person) is { } contact ? contact.Name ?? contact.PushName : null;
}
