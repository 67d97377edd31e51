using System.Collections.Concurrent;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;
using Footbridge.Server.Sessions;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>What people are called, asked for once in a while and not for each message.</summary>
internal sealed class NameBook(IPeopleGate people, TimeProvider time)
{
    private const int MaxKept = 10_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<(string Session, Jid Person), (string? Name, long At)> _kept = new();
    private readonly ConcurrentDictionary<(string Session, Jid Person), (string? Name, long At)> _saved = new();

    /// <summary>A person by name and number, as agents read it in a group.</summary>
    /// <param name="pushName">What the person calls themselves, for those the account's owner does not know.</param>
    public async ValueTask<string> ShownAsync(string session, Jid person, string? pushName, CancellationToken ct)
    {
        var number = person.IsPhone ? "+" + person.User : WahaIds.ChatId(person);
        var name = await OfAsync(session, person, ct);
        if (name is null || name == number) name = pushName;
        return name is { Length: > 0 } known && known != number ? $"{known} ({number})" : number;
    }

    /// <inheritdoc cref="IPeopleGate.FindSavedNameAsync"/>
    public async ValueTask<string?> SavedAsync(string session, Jid person, CancellationToken ct)
    {
        if (_saved.TryGetValue((session, person), out var kept) && time.GetElapsedTime(kept.At) < Fresh) return kept.Name;
        var name = await people.FindSavedNameAsync(session, person, ct);
        if (_saved.Count >= MaxKept) _saved.Clear();
        _saved[(session, person)] = (name, time.GetTimestamp());
        return name;
    }

    /// <inheritdoc cref="IPeopleGate.FindNameAsync"/>
    public async ValueTask<string?> OfAsync(string session, Jid person, CancellationToken ct)
    {
        if (_kept.TryGetValue((session, person), out var kept) && time.GetElapsedTime(kept.At) < Fresh) return kept.Name;
        var name = await people.FindNameAsync(session, person, ct);
        if (_kept.Count >= MaxKept) _kept.Clear();
        _kept[(session, person)] = (name, time.GetTimestamp());
        return name;
    }
}
