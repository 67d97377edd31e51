using System.Collections.Concurrent;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>What people are called, asked for once in a while and not for each message.</summary>
internal sealed class NameBook(IPeopleGate people, TimeProvider time)
{
    private const int MaxKept = 10_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<(string Session, Jid Person), (string? Name, long At)> _kept = new();

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
