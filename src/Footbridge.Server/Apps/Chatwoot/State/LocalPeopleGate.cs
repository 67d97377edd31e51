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

    private string? NameOf(string session, Jid person) => archive.FindContact(session, person) is { } contact ? contact.Name ?? contact.PushName : null;
}
