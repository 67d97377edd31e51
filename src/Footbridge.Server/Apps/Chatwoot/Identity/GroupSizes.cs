using System.Collections.Concurrent;
using Footbridge.Protocol.Xml;
using Footbridge.Server.Apps.Chatwoot.State;

namespace Footbridge.Server.Apps.Chatwoot.Identity;

/// <summary>How many people beside the account are in a group, asked for once in a while and not for each receipt.</summary>
internal sealed class GroupSizes(IPeopleGate people, TimeProvider time)
{
    private const int MaxKept = 10_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<(string Session, Jid Group), (int Others, long At)> _kept = new();

    /// <returns>Null when it cannot be had now.</returns>
    public async ValueTask<int?> OthersAsync(string session, Jid group, CancellationToken ct)
    {
        if (_kept.TryGetValue((session, group), out var kept) && time.GetElapsedTime(kept.At) < Fresh) return kept.Others;
        if (await people.CountMembersAsync(session, group, ct) is not { } members) return null;
        if (_kept.Count >= MaxKept) _kept.Clear();
        _kept[(session, group)] = (Math.Max(1, members - 1), time.GetTimestamp());
        return Math.Max(1, members - 1);
    }

    /// <summary>Somebody came or went.</summary>
    public void Forget(string session, Jid group) => _kept.TryRemove((session, group), out _);
}
